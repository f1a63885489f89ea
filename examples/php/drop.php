<?php // 500 sold, 480 arrive. The same program stands beside this one in Rust, C and Python.
$root = dirname(__DIR__, 2);
$library = getenv('ALLOCATOR_LIB') ?: "$root/target/release/liballocator.so";
$al = FFI::cdef(file_get_contents("$root/allocator-ffi/include/allocator.ffi.h"), $library);
$lines = $al->new('allocator_line[400]'); // zeros: every default
for ($i = 0; $i < 400; $i++) {
    $lines[$i]->line = $lines[$i]->sequence = $i + 1;
    [$lines[$i]->sku, $lines[$i]->quantity] = [7, $i % 4 === 3 ? 2 : 1];
}
$structs = ['supply', 'allocation *', 'verdict', 'error']; // an array of one is passed as a pointer
[$supply, $result, $verdict, $err] = array_map(fn ($it) => $al->new("allocator_{$it}[1]"), $structs);
[$supply[0]->sku, $supply[0]->quantity] = [7, 480];
[$text, $why] = [$al->new('char[512]'), $al->new('char[512]')];
if ($al->allocator_allocation_new('first_come', $lines, 400, $supply, 1, $result, $err)
    || $al->allocator_allocation_text($result[0], $text, 512, null, $err)
    || $al->allocator_allocation_explain_text($result[0], 384, null, null, $why, 512, null, $err)
    || $al->allocator_allocation_verify($result[0], $verdict, $err)) { // 384: rows count from 0
    throw new RuntimeException(FFI::string($err[0]->message));
}
echo FFI::string($text), "\n", FFI::string($why), "\n";
echo 'verified: ', $al->allocator_grade_name($verdict[0]->grade), "\n";
$al->allocator_allocation_free($result[0]);
