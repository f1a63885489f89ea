<?php // 500 sold, 480 arrive. The same program stands beside this one in Rust, C and Python.
$root = dirname(__DIR__, 2);
$library = getenv('ALLOCATOR_LIB') ?: "$root/target/release/liballocator.so";
$al = FFI::cdef(file_get_contents("$root/allocator-ffi/include/allocator.ffi.h"), $library);
$lines = $al->new('allocator_line[400]'); // zeros: every default
for ($i = 1; $i <= 400; $i++) {
    $lines[$i - 1]->line = $lines[$i - 1]->sequence = $i;
    $lines[$i - 1]->sku = 7;
    $lines[$i - 1]->quantity = $i % 4 ? 1 : 2;
}
[$supply, $err, $verdict] = array_map($al->new(...), ['allocator_supply', 'allocator_error', 'allocator_verdict']);
[$supply->sku, $supply->quantity] = [7, 480];
[$result, $text, $why] = array_map($al->new(...), ['allocator_allocation *', 'char[512]', 'char[512]']);
if ($al->allocator_allocation_new('first_come', $lines, 400, FFI::addr($supply), 1, FFI::addr($result), FFI::addr($err))
    || $al->allocator_allocation_text($result, $text, 512, null, FFI::addr($err))
    || $al->allocator_allocation_explain_text($result, 384, null, null, $why, 512, null, FFI::addr($err)) // rows count from 0: line 385
    || $al->allocator_allocation_verify($result, FFI::addr($verdict), FFI::addr($err))) {
    throw new RuntimeException("row $err->row, " . FFI::string($err->field) . ': ' . FFI::string($err->message));
}
echo FFI::string($text), "\n", FFI::string($why), "\nverified: ", $al->allocator_grade_name($verdict->grade), "\n";
$al->allocator_allocation_free($result);
