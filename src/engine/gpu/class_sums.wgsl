// Sums over points of one class, around the first of them, so that little cancels: a workgroup 128 columns of one segment of points.

// Some points of one class, as a range of `members`.
struct Segment {
    class_index: u32,
    begin: u32,
    end: u32,
}

struct Shape {
    // Stride of the features, in vec4s.
    stride: u32,
    // How many dimensions the projection keeps, padded to a multiple of 4.
    rank: u32,
}

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> segments: array<Segment>;
@group(0) @binding(2) var<storage, read> members: array<u32>;
@group(0) @binding(3) var<storage, read> features: array<vec4<f32>>;
// For each segment a row with its first point and a row with the sum around it.
@group(0) @binding(4) var<storage, read_write> sums: array<vec4<f32>>;

@compute @workgroup_size(32)
fn class_sums(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let column = 32u * group.x + thread;
    if column >= shape.stride {
        return;
    }
    let segment = segments[group.y];
    let first = features[members[segment.begin] * shape.stride + column];
    var sum = vec4<f32>();
    for (var i = segment.begin + 1u; i < segment.end; i++) {
        sum += features[members[i] * shape.stride + column] - first;
    }
    let to = 2u * group.y * shape.stride + column;
    sums[to] = first;
    sums[to + shape.stride] = sum;
}
