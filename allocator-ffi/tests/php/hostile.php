<?php
// Bad input gives a status that names it, and the PHP process lives on.
require __DIR__ . '/common.inc';

$out = $al->new('allocator_outcome[2]');
$needed = $al->new('int64_t');
$supply = rows('allocator_supply', [['sku' => 7, 'quantity' => 3]]);
$good = [['line' => 1, 'sku' => 7, 'quantity' => 2], ['line' => 2, 'sku' => 7, 'quantity' => 2]];
$run = function (array $change, int $row = 1) use ($al, $err, $out, $supply, $good): int {
    $good[$row] = $change + $good[$row];
    return $al->allocator_allocate('first_come', rows('allocator_line', $good), 2, $supply, 1, $out, 2, FFI::addr($err));
};

expect($al->ALLOCATOR_OK, $run([]));
foreach ([
    ['quantity', -1, $al->ALLOCATOR_OUT_OF_RANGE],
    ['sku', PHP_INT_MIN, $al->ALLOCATOR_OUT_OF_RANGE],
    ['order', -1, $al->ALLOCATOR_OUT_OF_RANGE],
    ['line', 1, $al->ALLOCATOR_DUPLICATE_ID],
    ['completeness', 9, $al->ALLOCATOR_UNKNOWN_COMPLETENESS],
    ['on_misfit', 255, $al->ALLOCATOR_UNKNOWN_MISFIT],
] as [$field, $value, $status]) {
    expect($status, $run([$field => $value]));
    check($err->row === 1 && $err->table === $al->ALLOCATOR_TABLE_LINES, "row of $field");
    check(text($err->field) === $field, text($err->field));
}
check($err->first_row === -1, 'no other row');
$lines = rows('allocator_line', $good);
expect($al->ALLOCATOR_NULL_POINTER, $al->allocator_allocate(null, $lines, 2, $supply, 1, $out, 2, FFI::addr($err)));
expect($al->ALLOCATOR_NULL_POINTER, $al->allocator_allocate('first_come', null, 2, $supply, 1, $out, 2, FFI::addr($err)));
expect($al->ALLOCATOR_OUT_OF_RANGE, $al->allocator_allocate('first_come', $lines, -2, $supply, 1, $out, 2, FFI::addr($err)));
expect($al->ALLOCATOR_BUFFER_TOO_SMALL, $al->allocator_allocate('first_come', $lines, 2, $supply, 1, $out, 1, FFI::addr($err)));
expect($al->ALLOCATOR_UNKNOWN_RULE, $al->allocator_allocate('fifo', $lines, 2, $supply, 1, $out, 2, FFI::addr($err)));
expect($al->ALLOCATOR_UNKNOWN_FIELD, $al->allocator_allocate('{"cap":1}', $lines, 2, $supply, 1, $out, 2, FFI::addr($err)));
expect($al->ALLOCATOR_INVALID_UTF8, $al->allocator_allocate("fifo\xff", $lines, 2, $supply, 1, $out, 2, FFI::addr($err)));

// A report with rows that say nothing.
$verdict = $al->new('allocator_verdict');
expect($al->ALLOCATOR_OK, $run([]));
$told = fn (?FFI\CData $idle, int $count): int => $al->allocator_verify('first_come', $lines, 2, $supply, 1, $out, 2, null, 0, $idle, $count, FFI::addr($verdict), FFI::addr($err));
expect($al->ALLOCATOR_NULL_POINTER, $told(null, 1));
foreach ([
    ['sku', -1, $al->ALLOCATOR_OUT_OF_RANGE],
    ['row', 2, $al->ALLOCATOR_OUT_OF_RANGE],
    ['row', PHP_INT_MIN, $al->ALLOCATOR_OUT_OF_RANGE],
    ['cause', 255, $al->ALLOCATOR_UNKNOWN_IDLE_CAUSE],
] as [$field, $value, $status]) {
    $idle = [$field => $value] + ['sku' => 7, 'row' => -1, 'units' => 1, 'cause' => $al->ALLOCATOR_IDLE_NO_DEMAND];
    expect($status, $told(rows('allocator_idle', [$idle]), 1));
    check($err->table === $al->ALLOCATOR_TABLE_IDLE && $err->row === 0 && text($err->field) === $field, "idle $field");
}
$out[1]->reason = $al->ALLOCATOR_REASON_NONE;
expect($al->ALLOCATOR_UNKNOWN_REASON, $told(null, 0));
check($err->table === $al->ALLOCATOR_TABLE_OUTCOMES && $err->row === 1, 'half of the reasons');

$lines = rows('allocator_line', [['line' => -1, 'sku' => 7], ['line' => -2, 'sku' => 7, 'quantity' => -1]]);
$faults = $al->new('allocator_error[8]');
expect($al->ALLOCATOR_OUT_OF_RANGE, $al->allocator_validate('first_come', $lines, 2, $supply, 1, $faults, 8, FFI::addr($needed), FFI::addr($err)));
check($needed->cdata === 3, "faults: $needed->cdata");
$named = array_map(fn (int $i): string => $faults[$i]->row . ' ' . text($faults[$i]->field), [0, 1, 2]);
check($named === ['0 line', '1 line', '1 quantity'], implode(', ', $named));

$allocation = $al->new('allocator_allocation *');
expect($al->ALLOCATOR_NULL_POINTER, $al->allocator_allocation_text($allocation, null, 0, FFI::addr($needed), FFI::addr($err)));
$interner = $al->new('allocator_interner *');
expect($al->ALLOCATOR_OK, $al->allocator_interner_new(1, FFI::addr($interner), FFI::addr($err)));
$wrong = $al->cast('allocator_allocation *', $interner);
expect($al->ALLOCATOR_BAD_HANDLE, $al->allocator_allocation_text($wrong, null, 0, FFI::addr($needed), FFI::addr($err)));
$al->allocator_allocation_free($wrong);
$long = str_repeat('x', $al->ALLOCATOR_MAX_NAME_BYTES + 1);
expect($al->ALLOCATOR_NAME_TOO_LONG, $al->allocator_interner_intern($interner, $long, strlen($long), FFI::addr($needed), FFI::addr($err)));
$al->allocator_interner_free($interner);
echo "ok\n";
