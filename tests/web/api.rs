//! The JavaScript API, called as JavaScript calls it.

use crate::js::{data, get, js, message, number, resolved};
use js_sys::{Array, Float32Array, Float64Array, Function, Object, Reflect, Uint8Array};
use separation_playground::web::Experiment;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use wasm_bindgen_test::wasm_bindgen_test;

async fn experiment(config: &str) -> Experiment {
    Experiment::create(js(config), data(), JsValue::UNDEFINED).await.unwrap()
}

#[wasm_bindgen_test]
async fn an_experiment_trains_and_records_on_its_schedule() {
    let experiment = experiment("{ hidden: [12, 12, 12], epochs: 12, batchSize: 40, learningRate: 0.02 }").await;
    assert_eq!(experiment.engine(), "cpu");
    let records = Array::new();
    let options = Object::new();
    let push = Function::new_with_args("records", "return (record) => records.push(record)").call1(&JsValue::UNDEFINED, &records).unwrap();
    Reflect::set(&options, &"onRecord".into(), &push).unwrap();
    let end = resolved(experiment.train(JsValue::UNDEFINED, options.into())).await;
    assert_eq!((number(&end, "epoch"), get(&end, "testAccuracy")), (12.0, JsValue::NULL));
    let epochs: Vec<f64> = records.iter().map(|record| number(&record, "epoch")).collect();
    assert_eq!(epochs, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0]);
    assert!(number(&end, "loss") < number(&records.get(0), "loss") / 2.0);
    let train = get(&records.get(11), "train");
    assert!(Array::is_array(&get(&train, "fuzziness")) && get(&train, "mode") == "batches-of-100");
    assert!(number(&get(&train, "law"), "rho") < 1.0);
}

#[wasm_bindgen_test]
async fn recording_and_yielding_leave_the_bits_alone_and_a_saved_run_goes_on() {
    let config = "{ hidden: [12, 12], epochs: 6, batchSize: 40 }";
    let (watched, plain) = (experiment(config).await, experiment(config).await);
    resolved(watched.train(3.into(), js("{ onRecord: () => {} }"))).await;
    let bytes = resolved(watched.save()).await;
    let resumed = Experiment::load(bytes, data(), JsValue::UNDEFINED).await.unwrap();
    resolved(resumed.train(3.into(), JsValue::UNDEFINED)).await;
    resolved(plain.train(6.into(), JsValue::UNDEFINED)).await;
    let bytes = |value: JsValue| value.unchecked_into::<Uint8Array>().to_vec();
    assert_eq!(bytes(resolved(resumed.save()).await), bytes(resolved(plain.save()).await));
}

#[wasm_bindgen_test]
async fn training_yields_to_the_event_loop_and_an_abort_keeps_the_state() {
    let experiment = experiment("{ hidden: [64, 64, 64], epochs: 100000, batchSize: 40 }").await;
    let controller = js("new AbortController()");
    let options = js("{}");
    Reflect::set(&options, &"signal".into(), &get(&controller, "signal")).unwrap();
    let abort = Function::new_with_args("controller", "setTimeout(() => controller.abort(new Error('enough')), 50)");
    abort.call1(&JsValue::UNDEFINED, &controller).unwrap();
    let training = experiment.train(JsValue::UNDEFINED, options).unwrap();
    assert!(message(experiment.train(JsValue::UNDEFINED, JsValue::UNDEFINED).unwrap_err()).contains("at work already"));
    assert_eq!(message(JsFuture::from(training).await.unwrap_err()), "enough");
    let end = resolved(experiment.train(1.into(), JsValue::UNDEFINED)).await;
    assert!(number(&end, "epoch") >= 2.0 && number(&end, "epoch").fract() == 0.0);
}

#[wasm_bindgen_test]
async fn each_bad_input_is_an_error_that_says_what_is_accepted() {
    let refused = async |config: &str, data: JsValue| match Experiment::create(js(config), data, JsValue::UNDEFINED).await {
        Ok(_) => panic!("{config} was accepted"),
        Err(error) => message(error),
    };
    assert_eq!(refused("{ hiden: [3] }", data()).await, "\"hiden\" is not a setting. Did you mean \"hidden\"?");
    assert!(refused("{ hidden: [-3] }", data()).await.starts_with("hidden is -3. Use "));
    assert!(refused("{ epochs: 0 }", data()).await.starts_with("epochs is 0. Use "));
    assert!(refused("{ hidden: [1e9] }", data()).await.contains("GB"));
    assert!(refused("{ learningRate: 40 }", data()).await.starts_with("learningRate is 40. Use 0.00001 to 10."));
    assert!(refused("7", data()).await.contains("an object of settings"));
    let spoiled = |change: &str| {
        js(&format!(
            "(() => {{ const data = {{ classes: 2, dim: 2, train: {{ features: new Float32Array([1, 2, 3, 4]), labels: new Uint8Array([0, 1]) }} }}; {change}; return data; }})()"
        ))
    };
    for (change, expected) in [
        ("data.train.features[3] = NaN", "train.features is NaN at point 1, column 1"),
        ("data.train.labels[0] = 7", "train.labels is 7 at point 0"),
        ("data.dim = 3", "train.features has 4 numbers"),
        ("data.train.features = [1, 2]", "a Float32Array or Float64Array"),
        ("delete data.classes", "data.classes is missing"),
        ("data.train = null", "data.train is missing"),
    ] {
        let text = refused("{}", spoiled(change)).await;
        assert!(text.contains(expected), "{change}: {text}");
    }
    assert!(refused("{ dataset: 'own' }", JsValue::UNDEFINED).await.contains("no data came with it"));
    let experiment = experiment("{ hidden: [4] }").await;
    assert!(message(experiment.train((-1).into(), JsValue::UNDEFINED).unwrap_err()).contains("epochs is -1"));
    assert!(message(experiment.measure(js("{ mode: 'eval' }")).unwrap_err()).contains("mode is \"eval\""));
    let error = JsFuture::from(experiment.measure(js("{ split: 'test' }")).unwrap()).await.unwrap_err();
    assert!(message(error).contains("no test points"));
}

#[wasm_bindgen_test]
async fn a_diverging_run_names_its_epoch_and_rate() {
    let experiment = experiment("{ hidden: [64, 64, 64], normalization: 'none', optimizer: 'sgd', learningRate: 10, init: 'he' }").await;
    let error = JsFuture::from(experiment.train(200.into(), JsValue::UNDEFINED).unwrap()).await.unwrap_err();
    let text = message(error);
    assert!(text.starts_with("The loss became infinite at epoch ") && text.contains("Lower the rate (now 10)"), "{text}");
}

#[wasm_bindgen_test]
fn the_measures_alone() {
    let module = separation_playground::web::separation_fuzziness;
    let labels = || js("new Int32Array([0, 0, 1, 1])");
    let features: JsValue = Float32Array::from(&[-1.0, 1.0, 3.0, 5.0][..]).into();
    let measured = module(features, 1.into(), labels()).unwrap();
    assert!((number(&measured, "total") - 0.25).abs() < 1e-12 && number(&measured, "rank") == 1.0);
    // Exact only if the offset of 10^9 is not rounded to float32 on the way.
    let measured = module(js("new Float64Array([-1, 1, 3, 5].map((x) => x + 1e9))"), 1.into(), labels()).unwrap();
    assert!((number(&measured, "total") - 0.25).abs() < 1e-12);
    assert!(message(module(js("new Float64Array([2, 2, 2, 2])"), 1.into(), labels()).unwrap_err()).contains("means are equal"));
    assert!(message(module(js("new Float64Array(5)"), 2.into(), labels()).unwrap_err()).contains("5 numbers"));

    let fit = separation_playground::web::fit_law;
    assert!((number(&fit(js("[8, 4, null, 1]")).unwrap(), "rho") - 0.5).abs() < 1e-12);
    assert_eq!(fit(js("[8, 4]")).unwrap(), JsValue::NULL);
    assert!(message(fit(js("['x']")).unwrap_err()).contains("list of numbers and nulls"));
    assert_eq!(
        Array::from(&separation_playground::web::presets().unwrap()).length() as usize,
        separation_playground::experiment::presets().len()
    );
}

#[wasm_bindgen_test]
fn the_layer_peeled_model() {
    let solve = |changes: &str| {
        let settings = "classes: 10, majority: 5, imbalance: 30, energyFeatures: 5, energyClassifiers: 1";
        separation_playground::web::layer_peeled(js(&format!("{{ {settings}, {changes} }}")))
    };
    let collapsed = solve("").unwrap();
    assert!((number(&collapsed, "loss") - 0.1405789138213933).abs() < 1e-6 && number(&collapsed, "cosMinority") == 1.0);
    assert_eq!(Array::from(&get(&collapsed, "normsW")).length(), 10);
    let vectors: Float64Array = get(&collapsed, "W").dyn_into().expect("a Float64Array");
    assert_eq!(vectors.length(), 10 * 20);
    let energy: f64 = vectors.to_vec().iter().map(|x| x * x).sum();
    assert!((energy - 10.0).abs() < 1e-9, "{energy}");
    assert_eq!(get(&solve("majority: 9").unwrap(), "cosMinority"), JsValue::NULL);
    assert!(message(solve("classes: 1, majority: 1").unwrap_err()).contains("classes is 1. Use 2 to 1000."));
    assert!(message(solve("p: 9").unwrap_err()).contains("p is 9. Use 10 to 2000."));
    assert!(message(solve("majority: 2.5").unwrap_err()).contains("majority is 2.5. Use a whole number."));
    assert!(message(solve("imbalance: undefined").unwrap_err()).contains("imbalance is missing."));
}
