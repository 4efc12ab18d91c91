// The classifier and the loss: logits = x W + bias, cross-entropy, and its gradient by the logits in their place.
//
// A workgroup owns 32 rows and all classes. A thread makes blocks of 4 rows and 8 classes, then takes a row's softmax.

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> order: array<u32>;
@group(0) @binding(3) var<storage, read> labels: array<u32>;
@group(0) @binding(4) var<storage, read> parameters: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> logits: array<vec4<f32>>;
// Of each workgroup's rows: the sum of -ln softmax(logits)[label], in nats, and how many have their label's logit as the largest.
@group(0) @binding(6) var<storage, read_write> losses: array<vec2<f32>>;
@group(1) @binding(0) var<uniform> step: Step;

var<workgroup> results: array<vec2<f32>, 32>;

// Where row `row` of x begins.
fn place(row: u32) -> u32 {
    let inside = min(row, step.rows - 1u);
    if layer.gathered == 1u && step.statistics == TRAINING {
        return order[step.start + inside] * layer.inputs;
    }
    return inside * layer.inputs;
}

@compute @workgroup_size(32)
fn classifier(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    for (var block = thread; block < 4u * layer.outputs; block += 32u) {
        let column = 2u * (block >> 3u);
        let row = 32u * group.x + 4u * (block & 7u);
        let x0 = place(row);
        let x1 = place(row + 1u);
        let x2 = place(row + 2u);
        let x3 = place(row + 3u);
        var a = mat4x4<f32>();
        var b = mat4x4<f32>();
        var w = layer.weight + 16u * (column / 4u) * layer.inputs + column % 4u;
        for (var k = 0u; k < layer.inputs; k++) {
            let rows = mat4x4<f32>(x[x0 + k], x[x1 + k], x[x2 + k], x[x3 + k]);
            a += mat4x4<f32>(parameters[w], parameters[w + 4u], parameters[w + 8u], parameters[w + 12u]) * rows;
            b += mat4x4<f32>(parameters[w + 1u], parameters[w + 5u], parameters[w + 9u], parameters[w + 13u]) * rows;
            w += 16u;
        }
        put(row, column, a[0], b[0]);
        put(row + 1u, column, a[1], b[1]);
        put(row + 2u, column, a[2], b[2]);
        put(row + 3u, column, a[3], b[3]);
    }
    storageBarrier();

    let row = 32u * group.x + thread;
    results[thread] = vec2<f32>();
    if row < step.rows {
        let at = row * layer.outputs;
        var point = row;
        if step.statistics == TRAINING {
            point = order[step.start + row];
        }
        let label = labels[point];
        var best = 0u;
        var largest = logits[at].x;
        for (var k = 1u; k < layer.width; k++) {
            let logit = logits[at + k / 4u][k % 4u];
            if logit > largest {
                largest = logit;
                best = k;
            }
        }
        let target_logit = logits[at + label / 4u][label % 4u] - largest;
        var sum = 0.0;
        for (var k = 0u; k < layer.width; k++) {
            sum += exp(logits[at + k / 4u][k % 4u] - largest);
        }
        // A sum that is not a number comes from a logit that is none, which predicts nothing.
        results[thread] = vec2<f32>(log(sum) - target_logit, select(0.0, 1.0, sum > 0.0 && best == label));
        if step.statistics == TRAINING {
            let share = 1.0 / f32(step.rows);
            for (var j = 0u; j < layer.outputs; j++) {
                let classes = 4u * j + vec4<u32>(0u, 1u, 2u, 3u);
                let hot = select(vec4<f32>(), vec4<f32>(share), classes == vec4<u32>(label));
                let delta = exp(logits[at + j] - largest) * (share / sum) - hot;
                logits[at + j] = select(vec4<f32>(), delta, classes < vec4<u32>(layer.width));
            }
        }
    }
    workgroupBarrier();
    if thread == 0u {
        var total = vec2<f32>();
        for (var i = 0u; i < 32u; i++) {
            total += results[i];
        }
        losses[step.losses + group.x] = total;
    }
}

// Writes 8 logits of a row, if it is there at all.
fn put(row: u32, column: u32, left: vec4<f32>, right: vec4<f32>) {
    if row < step.rows {
        let to = row * layer.outputs + column;
        logits[to] = left + parameters[layer.bias + column];
        logits[to + 1u] = right + parameters[layer.bias + column + 1u];
    }
}
