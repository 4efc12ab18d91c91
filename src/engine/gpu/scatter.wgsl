// The within-class scatter as the between-class scatter sees it: the sum of |P (x - m_k)|^2 over a segment of points of one class.

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
// Each class's mean, then the rows of P.
@group(0) @binding(4) var<storage, read> centers: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> projection: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> scatters: array<f32>;

var<workgroup> squares: array<f32, 32>;

@compute @workgroup_size(32)
fn scatter(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let segment = segments[group.x];
    let center = segment.class_index * shape.stride;
    var square = 0.0;
    for (var i = segment.begin + thread; i < segment.end; i += 32u) {
        let at = members[i] * shape.stride;
        for (var p = 0u; p < shape.rank; p += 4u) {
            let p0 = p * shape.stride;
            let p1 = p0 + shape.stride;
            let p2 = p1 + shape.stride;
            let p3 = p2 + shape.stride;
            var image = vec4<f32>();
            for (var j = 0u; j < shape.stride; j++) {
                let x = features[at + j] - centers[center + j];
                image += x * mat4x4<f32>(projection[p0 + j], projection[p1 + j], projection[p2 + j], projection[p3 + j]);
            }
            square += dot(image, image);
        }
    }
    squares[thread] = square;
    workgroupBarrier();
    if thread == 0u {
        var total = 0.0;
        for (var i = 0u; i < 32u; i++) {
            total += squares[i];
        }
        scatters[group.x] = total;
    }
}
