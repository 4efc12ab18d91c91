//! The GPU engine in the browser, in the window and in a worker: on a software adapter, which is asserted.

use crate::js::{data, get, js, message, number, resolved};
use js_sys::{Array, Function, Object, Promise, Reflect};
use separation_playground::web::Experiment;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const CONFIG: &str = "hidden: [20, 20, 20], epochs: 14, batchSize: 40, learningRate: 0.02, seed: 3";

async fn experiment(engine: &str) -> Experiment {
    let config = js(&format!("{{ {CONFIG}, engine: \"{engine}\" }}"));
    Experiment::create(config, data(), JsValue::UNDEFINED).await.unwrap()
}

/// Trains to the end; returns the records.
async fn records(experiment: &Experiment) -> Vec<JsValue> {
    let records = Array::new();
    let options = Object::new();
    let push = Function::new_with_args("records", "return (record) => records.push(record)").call1(&JsValue::UNDEFINED, &records).unwrap();
    Reflect::set(&options, &"onRecord".into(), &push).unwrap();
    resolved(experiment.train(JsValue::UNDEFINED, options.into())).await;
    records.iter().collect()
}

fn last_fuzziness(record: &JsValue) -> f64 {
    Array::from(&get(&get(record, "train"), "fuzziness")).get(3).as_f64().unwrap()
}

/// The adapter's name and kind. Firefox tells no site who made it.
async fn adapter() -> String {
    let promise = js("navigator.gpu.requestAdapter().then(({ info: { vendor, architecture, isFallbackAdapter } }) =>
        [vendor || 'unnamed', architecture, isFallbackAdapter ? 'software' : 'hardware'].join(' '))");
    JsFuture::from(Promise::from(promise)).await.unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn the_gpu_trains_and_measures_what_the_cpu_does() {
    let (adapter, firefox) = (adapter().await, js("navigator.userAgent.includes('Firefox/')").is_truthy());
    assert_eq!(adapter, if firefox { "unnamed  software" } else { "google swiftshader software" }, "this test knows its adapter");
    let (gpu, cpu) = (experiment("webgpu").await, experiment("cpu").await);
    assert_eq!((gpu.engine(), cpu.engine()), ("webgpu".to_owned(), "cpu".to_owned()));
    let (gpu, cpu) = (records(&gpu).await, records(&cpu).await);
    assert_eq!(gpu.len(), cpu.len());
    for (gpu, cpu) in gpu.iter().zip(&cpu) {
        assert_eq!(number(gpu, "epoch"), number(cpu, "epoch"));
        let (ours, oracle) = (number(gpu, "loss"), number(cpu, "loss"));
        assert!((ours - oracle).abs() <= 2e-2, "loss {ours} is not {oracle} at epoch {}", number(cpu, "epoch"));
    }
    let [ours, oracle] = [&gpu[0], &cpu[0]].map(last_fuzziness);
    assert!((ours - oracle).abs() <= 1e-3 * oracle, "D {ours} is not {oracle}");
}

#[wasm_bindgen_test]
async fn a_software_adapter_is_not_chosen_by_auto() {
    assert_eq!(experiment("auto").await.engine(), "cpu");
}

#[wasm_bindgen_test]
async fn a_device_that_is_lost_hands_over_to_the_cpu_without_a_gap() {
    js("(() => {
        const request = GPUAdapter.prototype.requestDevice;
        GPUAdapter.prototype.requestDevice = async function (...args) {
            GPUAdapter.prototype.requestDevice = request;
            const device = await request.apply(this, args);
            const submit = device.queue.submit;
            let submits = 0;
            device.queue.submit = function (...args) {
                if (++submits === 25) device.destroy();
                return submit.apply(this, args);
            };
            return device;
        };
    })()");
    let lost = experiment("webgpu").await;
    assert_eq!(lost.engine(), "webgpu");
    let epochs: Vec<f64> = records(&lost).await.iter().map(|record| number(record, "epoch")).collect();
    assert_eq!(epochs, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0]);
    assert_eq!(lost.engine(), "cpu");
}

#[wasm_bindgen_test]
async fn without_a_gpu_webgpu_is_refused_by_name_and_auto_takes_the_cpu() {
    js("(() => {
        const { prototype } = navigator.gpu.constructor;
        globalThis.granted = prototype.requestAdapter;
        prototype.requestAdapter = async () => null;
    })()");
    let config = js(&format!("{{ {CONFIG}, engine: \"webgpu\" }}"));
    let refused = Experiment::create(config, data(), JsValue::UNDEFINED).await.err().map(message);
    let auto = experiment("auto").await;
    js("navigator.gpu.constructor.prototype.requestAdapter = globalThis.granted");
    assert!(refused.as_ref().is_some_and(|message| message.contains("WebGPU is not available")), "{refused:?}");
    assert_eq!(auto.engine(), "cpu");
}
