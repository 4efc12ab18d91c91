// A (x - m_k) for each point x of a class k: 4 rows of A a workgroup, for one segment of points.

struct Segment {
    class_index: u32,
    begin: u32,
    end: u32,
}

struct Shape {
    // Stride of the features, in vec4s.
    stride: u32,
    // How many rows the matrix has, padded to a multiple of 4.
    rank: u32,
}

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> segments: array<Segment>;
@group(0) @binding(2) var<storage, read> members: array<u32>;
@group(0) @binding(3) var<storage, read> features: array<vec4<f32>>;
// Each class's mean, then the rows of A.
@group(0) @binding(4) var<storage, read> centers: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> matrix: array<vec4<f32>>;
// For each point a row.
@group(0) @binding(6) var<storage, read_write> images: array<vec4<f32>>;

@compute @workgroup_size(32)
fn project(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let segment = segments[group.x];
    let center = segment.class_index * shape.stride;
    let p0 = 4u * group.y * shape.stride;
    let p1 = p0 + shape.stride;
    let p2 = p1 + shape.stride;
    let p3 = p2 + shape.stride;
    for (var i = segment.begin + thread; i < segment.end; i += 32u) {
        let at = members[i] * shape.stride;
        var image = vec4<f32>();
        for (var j = 0u; j < shape.stride; j++) {
            let x = features[at + j] - centers[center + j];
            image += x * mat4x4<f32>(matrix[p0 + j], matrix[p1 + j], matrix[p2 + j], matrix[p3 + j]);
        }
        images[members[i] * (shape.rank / 4u) + group.y] = image;
    }
}
