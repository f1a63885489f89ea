<?php
// Fair cancel from PHP: who loses, by which rule, with which refund and which sentence.
require __DIR__ . '/common.inc';

$needed = $al->new('int64_t');
$buffer = $al->new('char[4096]');
$column = function (array $values) use ($al): FFI\CData {
    $array = $al->new('int64_t[' . count($values) . ']');
    foreach ($values as $i => $value) {
        $array[$i] = $value;
    }
    return $array;
};

// 2, 2 and 1 units asked for, 4 arrived; line 1 would give up a unit for 5.00.
$lines = rows('allocator_line', [
    ['line' => 1, 'sku' => 7, 'quantity' => 2],
    ['line' => 2, 'sku' => 7, 'quantity' => 2],
    ['line' => PHP_INT_MAX, 'sku' => 7, 'quantity' => 1],
]);
$supply = rows('allocator_supply', [['sku' => 7, 'quantity' => 4]]);
// PHP keeps these alive as long as the variables are.
[$price, $offered, $asked] = [$column([4900, 4900, 4900]), $column([1, 0, 0]), $column([500, 0, 0])];
$terms = $al->new('allocator_cancel_terms');
$terms->rows = 3;
$terms->unit_price = FFI::addr($price[0]);
$terms->offered = FFI::addr($offered[0]);
$terms->asked = FFI::addr($asked[0]);
$plan = $al->new('allocator_plan *');
$out = $al->new('allocator_planned_line[3]');
expect($al->ALLOCATOR_OK, $al->allocator_plan_new('first_come', $lines, 3, $supply, 1, FFI::addr($terms), FFI::addr($plan), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_plan_lines($plan, $out, 3, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 3 && $out[2]->line === PHP_INT_MAX, 'ids of 64 bits');
check([$out[0]->kept, $out[1]->kept, $out[2]->kept] === [1, 2, 1], 'kept');
check($out[0]->volunteered === 1 && $al->allocator_cut_reason_name($out[0]->reason) === 'volunteered', 'volunteered');
check($out[0]->refund->low === 4900 && $out[0]->refund->high === 0 && $out[0]->compensation->low === 500, 'money');
$sums = $al->new('allocator_plan_sums');
expect($al->ALLOCATOR_OK, $al->allocator_plan_totals($plan, FFI::addr($sums), FFI::addr($err)));
check($sums->cut === 1 && $sums->has_refund === 1 && $sums->refund->low === 4900, 'totals');
expect($al->ALLOCATOR_OK, $al->allocator_plan_sentence($plan, 0, null, $buffer, 4096, null, FFI::addr($err)));
check(text($buffer) === '4 of 5 arrived. You offered to give up units, and 1 was taken: you ordered 2 and keep 1.', text($buffer));
expect($al->ALLOCATOR_OK, $al->allocator_plan_text($plan, $buffer, 4096, null, FFI::addr($err)));
check(str_starts_with(text($buffer), '5 ordered, 4 received: 1 cut'), text($buffer));
$more = $al->new('allocator_more_units[1]');
expect($al->ALLOCATOR_OK, $al->allocator_plan_more_units($plan, 0, $more, 1, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 1 && $more[0]->units === 1, 'one more');
expect($al->ALLOCATOR_OK, $al->allocator_plan_digest($plan, null, $buffer, 4096, FFI::addr($needed), FFI::addr($err)));
$digest = text($buffer);
check(strlen($digest) === 32 && ctype_xdigit($digest), $digest);
expect($al->ALLOCATOR_OK, $al->allocator_plan_one_off($plan, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === -1, 'no one-off');
expect($al->ALLOCATOR_OK, $al->allocator_plan_idle($plan, null, 0, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 0, 'nothing idle');
$al->allocator_plan_free($plan);

// Side by side. An array of texts is an array of pointers to memory that PHP keeps.
$texts = ['first_come', 'one_each_per_round', 'whole_orders(least_refund)'];
$kept = [];
$methods = $al->new('const char *[3]');
foreach ($texts as $i => $text) {
    $kept[$i] = $al->new('char[' . (strlen($text) + 1) . ']');
    FFI::memcpy($kept[$i], $text, strlen($text));
    $methods[$i] = $al->cast('char *', FFI::addr($kept[$i]));
}
$told = $al->new('allocator_comparison *');
$compared = $al->new('allocator_comparison_row[3]');
expect($al->ALLOCATOR_OK, $al->allocator_comparison_new($methods, 2, $lines, 3, $supply, 1, null, 0, FFI::addr($terms), null, 0, FFI::addr($told), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_comparison_rows($told, $compared, 3, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 2 && text($compared[0]->digest) === $digest, 'the plan that is carried out');
check(text($compared[0]->metrics->lowest_fill->exact) === '1/2', text($compared[0]->metrics->lowest_fill->exact));
check($compared[1]->compensation->low === 500 && $compared[1]->metrics->units_cut === 1, 'the second rule');
expect($al->ALLOCATOR_OK, $al->allocator_comparison_text($told, $buffer, 4096, null, FFI::addr($err)));
check(substr_count(text($buffer), "\n") === 4 && str_contains(text($buffer), "\none_each_per_round "), text($buffer));
expect($al->ALLOCATOR_OK, $al->allocator_comparison_method($told, 1, $buffer, 4096, null, FFI::addr($err)));
check(text($buffer) === $texts[1], text($buffer));
$al->allocator_comparison_free($told);
expect($al->ALLOCATOR_NEEDS_SINGLE_UNITS, $al->allocator_comparison_new($methods, 3, $lines, 3, $supply, 1, null, 0, FFI::addr($terms), null, 0, FFI::addr($told), FFI::addr($err)));
check(FFI::isNull($told) && text($err->field) === 'offered', text($err->field));

// What somebody decided by hand, in figures.
$metrics = $al->new('allocator_metrics');
expect($al->ALLOCATOR_OK, $al->allocator_metrics_of(null, $lines, 3, $column([2, 0, 1]), 3, null, 0, null, 0, null, 0, 4, FFI::addr($metrics), FFI::addr($err)));
check($metrics->overtakes === 1 && $metrics->idle === 1 && $metrics->customers_cancelled === 1, 'figures');
check(text($metrics->jain_fill->exact) === '2/3' && text($metrics->jain_fill->rounded) === '~0.667', 'Jain');

// Events, words, and terms that are wrong.
expect($al->ALLOCATOR_OK, $al->allocator_shortage_event_is_harmless('one_each_per_round', $al->ALLOCATOR_EVENT_SECOND_SHIPMENT, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 1, 'harmless');
check($al->allocator_axiom_name($al->allocator_shortage_event_axiom($al->ALLOCATOR_EVENT_SECOND_SHIPMENT)) === 'resource_monotone', 'axiom');
check($al->allocator_one_off_name(9) === null, 'no one-off');
$terms->rows = 2;
expect($al->ALLOCATOR_LENGTH_MISMATCH, $al->allocator_plan_new('first_come', $lines, 3, $supply, 1, FFI::addr($terms), FFI::addr($plan), FFI::addr($err)));
$terms->rows = 3;
$offered[1] = 3;
expect($al->ALLOCATOR_OUT_OF_RANGE, $al->allocator_plan_new('first_come', $lines, 3, $supply, 1, FFI::addr($terms), FFI::addr($plan), FFI::addr($err)));
check($err->row === 1 && text($err->field) === 'offered' && FFI::isNull($plan), 'row and field');
expect($al->ALLOCATOR_UNKNOWN_AIM, $al->allocator_plan_new('whole_orders(best)', $lines, 3, $supply, 1, null, FFI::addr($plan), FFI::addr($err)));
$al->allocator_plan_free(null);
echo "ok\n";
