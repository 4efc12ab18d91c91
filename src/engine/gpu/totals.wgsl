
// Sums over the threads of a workgroup.

// What each thread adds, for 16 columns.
var<workgroup> parts: array<array<f32, 16>, 32>;
var<workgroup> totals: array<f32, 16>;

// The sum of `part` over all threads.
fn total(thread: u32, part: mat4x4<f32>) -> mat4x4<f32> {
    for (var i = 0u; i < 4u; i++) {
        parts[thread][i] = part[0][i];
        parts[thread][4u + i] = part[1][i];
        parts[thread][8u + i] = part[2][i];
        parts[thread][12u + i] = part[3][i];
    }
    workgroupBarrier();
    for (var column = thread; column < 16u; column += threads) {
        var sum = 0.0;
        for (var i = 0u; i < threads; i++) {
            sum += parts[i][column];
        }
        totals[column] = sum;
    }
    workgroupBarrier();
    return mat4x4<f32>(
        totals[0], totals[1], totals[2], totals[3], totals[4], totals[5], totals[6], totals[7],
        totals[8], totals[9], totals[10], totals[11], totals[12], totals[13], totals[14], totals[15],
    );
}
