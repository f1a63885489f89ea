<?php
// Every function, as PHP calls it.
require __DIR__ . '/common.inc';

$needed = $al->new('int64_t');
$buffer = $al->new('char[1024]');

// Whole lines: 3, 1, 2, 1, 4, 2, 1 with 10 units in two receipts; ids of 64 bits.
$asks = [3, 1, 2, 1, 4, 2, 1];
$big = PHP_INT_MAX - 7;
$lines = rows('allocator_line', array_map(
    fn (int $i, int $units): array => ['line' => $big + $i, 'sku' => $big, 'quantity' => $units],
    array_keys($asks),
    $asks,
));
$supply = rows('allocator_supply', [
    ['supply' => 2, 'sku' => $big, 'quantity' => 6],
    ['supply' => 1, 'sku' => $big, 'quantity' => 4],
]);
$outcomes = $al->new('allocator_outcome[7]');
$allocated = function () use ($outcomes): array {
    $units = [];
    foreach ($outcomes as $outcome) {
        $units[] = $outcome->allocated;
    }
    return $units;
};
foreach ([
    'first_come' => [3, 1, 2, 1, 3, 0, 0],
    'first_come:line' => [3, 1, 2, 1, 0, 0, 0],
    '{"completeness":"line","on_misfit":"pass"}' => [3, 1, 2, 1, 0, 2, 1],
] as $policy => $expected) {
    expect($al->ALLOCATOR_OK, $al->allocator_allocate($policy, $lines, 7, $supply, 2, $outcomes, 7, FFI::addr($err)));
    check($allocated() === $expected, "$policy gives " . implode(', ', $allocated()));
}

// Judged without and with pegs.
$verdict = $al->new('allocator_verdict');
$policy = 'first_come:line:pass';
expect($al->ALLOCATOR_OK, $al->allocator_verify($policy, $lines, 7, $supply, 2, $outcomes, 7, null, 0, null, 0, FFI::addr($verdict), FFI::addr($err)));
check($al->allocator_grade_name($verdict->grade) === 'ordered', 'ordered');
$outcomes[0]->allocated = 2;
expect($al->ALLOCATOR_LAW_BROKEN, $al->allocator_verify($policy, $lines, 7, $supply, 2, $outcomes, 7, null, 0, null, 0, FFI::addr($verdict), FFI::addr($err)));
check($al->allocator_law_name($verdict->law) === 'ships_whole' && $verdict->row === 0, 'the law');
check($verdict->has_figures === 1 && $verdict->expected === 3 && $verdict->found === 2, 'the figures');
check(text($verdict->what) === 'allocated' && str_contains(text($verdict->message), (string) $big), 'the words');

// A handle.
$allocation = $al->new('allocator_allocation *');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_new($policy, $lines, 7, $supply, 2, FFI::addr($allocation), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_allocation_outcomes($allocation, $outcomes, 7, FFI::addr($needed), FFI::addr($err)));
check($allocated() === [3, 1, 2, 1, 0, 2, 1] && $needed->cdata === 7, 'outcomes');
$pegs = $al->new('allocator_peg[16]');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_pegs($allocation, $pegs, 16, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 6 && $pegs[0]->supply === 1 && $pegs[0]->units === 3, 'supply 1 goes first');
expect($al->ALLOCATOR_OK, $al->allocator_verify($policy, $lines, 7, $supply, 2, $outcomes, 7, $pegs, $needed->cdata, null, 0, FFI::addr($verdict), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_allocation_pegs_of($allocation, 2, $pegs, 16, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 1 && $pegs[0]->row === 2 && $pegs[0]->supply === 0, 'pegs of row 2');
$places = $al->new('allocator_place[7]');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_places($allocation, $places, 7, FFI::addr($needed), FFI::addr($err)));
check($places[6]->position === 7 && $places[6]->units_ahead === 13, 'places');
$sums = $al->new('allocator_summary');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_summary($allocation, FFI::addr($sums), FFI::addr($err)));
check($sums->ordered === 14 && $sums->allocated === 10 && $sums->waiting === 4 && $sums->idle === 0, 'sums');
check($sums->lines_full === 6 && $sums->lines_none === 1, 'lines');
$pairs = $al->new('allocator_overtake[8]');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_overtake_count($allocation, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 2, 'overtakes');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_overtakes($allocation, 1, $pairs, 8, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 1 && $pairs[0]->later === 6 && $pairs[0]->earlier === 4, 'the second overtake');
check($al->allocator_overtake_cause_name($pairs[0]->because) === 'misfit', 'because');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_is_one_off($allocation, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 1, 'one-off');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_idle($allocation, null, 0, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 0, 'nothing idle');
$why = $al->new('allocator_explanation');
$more = $al->new('allocator_more_units[2]');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_explain($allocation, 4, FFI::addr($why), $more, 2, FFI::addr($needed), FFI::addr($err)));
check($why->line === $big + 4 && $why->outcome->reason === $al->ALLOCATOR_REASON_LINE_INCOMPLETE, 'why');
check($needed->cdata === 1 && $more[0]->sku === $big && $more[0]->units === 1, 'one more unit');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_text($allocation, $buffer, 1024, FFI::addr($needed), FFI::addr($err)));
check(text($buffer) === '14 ordered, 10 received: 6 lines full, 1 waiting (4 units), 0 idle', text($buffer));
check($needed->cdata === strlen(text($buffer)), 'length');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_verify($allocation, FFI::addr($verdict), FFI::addr($err)));
$al->allocator_allocation_free($allocation);

// Texts as ids, and back in a sentence.
$skus = $al->new('allocator_interner *');
expect($al->ALLOCATOR_OK, $al->allocator_interner_new(0x5eed, FFI::addr($skus), FFI::addr($err)));
$id = $al->new('int64_t');
foreach (['Mütze', '', "a\0b", 'Mütze'] as $i => $name) {
    expect($al->ALLOCATOR_OK, $al->allocator_interner_intern($skus, $name, strlen($name), FFI::addr($id), FFI::addr($err)));
    check($id->cdata === $i % 3 + 1, "id of $name");
}
expect($al->ALLOCATOR_OK, $al->allocator_interner_id($skus, 'nobody', 6, FFI::addr($id), FFI::addr($err)));
check($id->cdata === 0, 'unknown');
expect($al->ALLOCATOR_OK, $al->allocator_interner_len($skus, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 3, 'three texts');
expect($al->ALLOCATOR_OK, $al->allocator_interner_name($skus, 3, $buffer, 1024, FFI::addr($needed), FFI::addr($err)));
check(FFI::string($buffer, $needed->cdata) === "a\0b", 'unchanged');
$lines = rows('allocator_line', [
    ['line' => 1, 'order' => 5, 'sku' => 1, 'quantity' => 2, 'completeness' => $al->ALLOCATOR_COMPLETENESS_ORDER],
    ['line' => 2, 'order' => 5, 'sku' => 2, 'quantity' => 1, 'completeness' => $al->ALLOCATOR_COMPLETENESS_ORDER],
]);
$supply = rows('allocator_supply', [['sku' => 1, 'quantity' => 1], ['sku' => 2, 'quantity' => 1]]);
expect($al->ALLOCATOR_OK, $al->allocator_allocation_new('first_come', $lines, 2, $supply, 2, FFI::addr($allocation), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_allocation_explain_text($allocation, 1, null, $skus, $buffer, 1024, null, FFI::addr($err)));
check(str_contains(text($buffer), '1 more unit of Mütze serves it.'), text($buffer));
$idle = $al->new('allocator_idle[4]');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_idle($allocation, $idle, 4, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 2 && $idle[1]->row === 1, 'idle');
check($al->allocator_idle_cause_name($idle[1]->cause) === 'set_aside', 'cause');

// Its own idle units, judged as those of another system; then without reasons.
expect($al->ALLOCATOR_OK, $al->allocator_allocation_outcomes($allocation, $outcomes, 7, FFI::addr($id), FFI::addr($err)));
$told = fn (?FFI\CData $idle, int $count): int => $al->allocator_verify('first_come', $lines, 2, $supply, 2, $outcomes, 2, null, 0, $idle, $count, FFI::addr($verdict), FFI::addr($err));
expect($al->ALLOCATOR_OK, $told($idle, 2));
expect($al->ALLOCATOR_LAW_BROKEN, $told($idle, 1));
check($verdict->sku === 2 && text($verdict->what) === 'idle units', 'one unit is not told of');
expect($al->ALLOCATOR_LAW_BROKEN, $told($idle, 0));
$outcomes[1]->reason = $al->ALLOCATOR_REASON_SHORT;
expect($al->ALLOCATOR_LAW_BROKEN, $told(null, 0));
check($al->allocator_law_name($verdict->law) === 'true_reason' && $verdict->row === 1, 'a false reason');
$outcomes[0]->reason = $outcomes[1]->reason = $al->ALLOCATOR_REASON_NONE;
expect($al->ALLOCATOR_OK, $told(null, 0));
check($al->allocator_grade_name($verdict->grade) === 'ordered', 'ordered without reasons');
$al->allocator_allocation_free($allocation);
$al->allocator_interner_free($skus);

expect($al->ALLOCATOR_OK, $al->allocator_policy_name('first_come:partial:set_aside', $buffer, 1024, null, FFI::addr($err)));
check(text($buffer) === 'first_come', text($buffer));
expect($al->ALLOCATOR_OK, $al->allocator_outcome_reported(3, 1, FFI::addr($outcomes[0]), FFI::addr($err)));
check($outcomes[0]->waiting === 2 && $al->allocator_reason_name($outcomes[0]->reason) === 'short', 'reported');
check($al->allocator_reason_sentence($outcomes[0]->reason) !== '', 'sentence');
check($al->allocator_reason_name(99) === null, 'no reason');
check($al->allocator_reason_is_never($al->ALLOCATOR_REASON_UNKNOWN_SKU) === 1, 'never');
check($al->allocator_completeness_name(2) === 'line' && $al->allocator_misfit_name(2) === 'pass', 'terms');
check(preg_match('/^\d+\.\d+\.\d+/', $al->allocator_version()) === 1, 'version');
echo "ok\n";

// What a rule keeps, what is handed out next, and what a customer checks his units against.
$bits = $al->new('int64_t');
expect($al->ALLOCATOR_OK, $al->allocator_rule_keeps('one_each_per_round', FFI::addr($bits), FFI::addr($err)));
check((($bits->cdata >> $al->ALLOCATOR_AXIOM_INFLATION_PROOF) & 1) === 1, 'inflation-proof');
check((($bits->cdata >> $al->ALLOCATOR_AXIOM_SPLIT_PROOF) & 1) === 0, 'not split-proof');
check($al->allocator_axiom_name($al->ALLOCATOR_AXIOM_SPLIT_PROOF) === 'split_proof', 'the axiom');
$lines = rows('allocator_line', [['line' => 1, 'sku' => 7, 'quantity' => 2], ['line' => 2, 'sku' => 7, 'quantity' => 1]]);
$supply = rows('allocator_supply', [['sku' => 7, 'quantity' => 2]]);
$allocation = $al->new('allocator_allocation *');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_new('one_each_per_round', $lines, 2, $supply, 1, FFI::addr($allocation), FFI::addr($err)));
$given = $al->new('int64_t[2]');
$more = $al->new('int64_t[2]');
$given[0] = 1;
expect($al->ALLOCATOR_OK, $al->allocator_allocation_increment($allocation, $given, 2, $more, 2, FFI::addr($needed), FFI::addr($err)));
check($more[0] === 0 && $more[1] === 1, 'the increment');
$given[0] = 2;
expect($al->ALLOCATOR_GIVEN_ABOVE_AWARD, $al->allocator_allocation_increment($allocation, $given, 2, $more, 2, FFI::addr($needed), FFI::addr($err)));
$last = $al->new('allocator_threshold[1]');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_thresholds($allocation, $last, 1, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 1 && $last[0]->row === 1 && $last[0]->unit === 1, 'the threshold');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_key_text($allocation, 0, 2, $buffer, 1024, null, FFI::addr($err)));
check(text($buffer) === 'unit 2, sequence 0', 'the key');
expect($al->ALLOCATOR_OK, $al->allocator_allocation_unit_is_within($allocation, 0, 2, FFI::addr($bits), FFI::addr($err)));
check($bits->cdata === 0, 'the second unit waits');
$al->allocator_allocation_free($allocation);

// A draw: announced, revealed, and read back by a customer.
$bytes = function (string $hex) use ($al): FFI\CData {
    $bytes = $al->new('uint8_t[32]');
    FFI::memcpy($bytes, hex2bin($hex), 32);
    return $bytes;
};
$code = $bytes('2f70f884997ce80771adbefbbbc6c71a1b921da71896c25ca0f64966bfd0c8ce');
$beacon = $bytes('fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd');
$labels = implode("\n", ['order-1003', 'order-1001', 'order-1004', 'order-1002']);
$required = $al->new('allocator_draw_required *');
expect($al->ALLOCATOR_OK, $al->allocator_draw_required_new('draw_the_queue', $labels, strlen($labels), null, 0, FFI::addr($required), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_commitment($code, 32, $buffer, 1024, null, FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_draw_required_announce($required, text($buffer), 1, 1000, $buffer, 1024, null, FFI::addr($err)));
$draw = $al->new('allocator_draw *');
expect($al->ALLOCATOR_OK, $al->allocator_draw_new(text($buffer), $code, 32, $beacon, 32, FFI::addr($draw), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_draw_text($draw, $buffer, 1024, null, FFI::addr($err)));
$again = $al->new('allocator_draw *');
expect($al->ALLOCATOR_OK, $al->allocator_draw_read(text($buffer), FFI::addr($again), FFI::addr($err)));
expect($al->ALLOCATOR_OK, $al->allocator_draw_order($again, $required, $buffer, 1024, null, FFI::addr($err)));
check(text($buffer) === "order-1003\norder-1002\norder-1004\norder-1001\n", 'the order');
$lots = $al->new('int64_t[4]');
expect($al->ALLOCATOR_OK, $al->allocator_draw_lots($again, $required, $lots, 4, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 4 && $lots[0] < $lots[3] && $lots[3] < $lots[2] && $lots[2] < $lots[1], 'the lots');
$lines = rows('allocator_line', array_map(fn (int $i): array => ['line' => $i + 1, 'sku' => 7, 'quantity' => $i === 0 ? 2 : 1], range(0, 3)));
$told = $al->new('allocator_chances[4]');
expect($al->ALLOCATOR_OK, $al->allocator_draw_chances($required, $lines, 4, $supply, 1, $told, 4, FFI::addr($err)));
check($told[0]->full->numerator[1] === 1 && $told[0]->full->denominator[1] === 4, 'the chance');
check($told[0]->full->low_ppm === 250000 && $told[0]->full->high_ppm === 250000, 'in millionths');
$al->allocator_draw_free($again);
$al->allocator_draw_free($draw);
$al->allocator_draw_required_free($required);
