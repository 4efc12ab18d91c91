//! Configs through JSON and URL, and the exact words for each that is wrong.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use separation_playground::collapse::layer_peeled::LayerPeeled;
use separation_playground::experiment::*;
use separation_playground::network::*;
use serde_json::{Value, json};

fn json_error(value: Value) -> String {
    Config::from_json(&value).expect_err("a bad config").to_string()
}

/// The state and the messages of a query string.
fn url(query: &str) -> (PageState, Vec<String>) {
    let (state, errors) = PageState::parse(query);
    (state, errors.iter().map(ToString::to_string).collect())
}

#[test]
fn json_of_some_keys_changes_those_only() {
    let config = Config::from_json(&json!({ "hidden": [100.0, 500], "labelNoise": 0, "classes": [0, 1, 8] })).unwrap();
    let expected = Config { hidden: vec![100, 500], classes: Some(vec![0, 1, 8]), ..Config::default() };
    assert_eq!(config, expected);
    assert_eq!(Config::from_json(&json!({})), Ok(Config::default()));
}

#[test]
fn each_bad_value_names_key_value_and_what_is_accepted() {
    let noted = [
        (json!({ "learningRate": 40 }), "learningRate is 40. Use 0.00001 to 10."),
        (json!({ "learningRate": null }), "learningRate is null. Use 0.00001 to 10."),
        (json!({ "learningRate": "0.1" }), "learningRate is \"0.1\". Use 0.00001 to 10."),
        (json!({ "optimizer": "adamw" }), "optimizer is \"adamw\". Use \"sgd\", \"momentum\" or \"adam\"."),
        (json!({ "oversample": 1 }), "oversample is 1. Use true or false."),
        (json!({ "epochs": 0 }), "epochs is 0. Use a whole number from 1 to 100000."),
        (json!({ "epochs": 1.5 }), "epochs is 1.5. Use a whole number from 1 to 100000."),
        (json!({ "seed": 4294967296u64 }), "seed is 4294967296. Use a whole number from 0 to 4294967295."),
        (json!({ "seed": -1 }), "seed is -1. Use a whole number from 0 to 4294967295."),
        (json!({ "momentum": 1 }), "momentum is 1. Use 0 to 0.999."),
        (json!({ "residualBlock": 1 }), "residualBlock is 1. Use 0, 2 or 3."),
        (json!({ "hidden": [100, -5] }), "hidden is 100,-5. Use 1 to 63 widths of 1 or more that fit in memory, such as 100,500,500."),
        (json!({ "hidden": [] }), "hidden is []. Use 1 to 63 widths of 1 or more that fit in memory, such as 100,500,500."),
        (json!({ "hidden": vec![1; 64] }), "hidden is 1x64. Use 1 to 63 widths of 1 or more that fit in memory, such as 100,500,500."),
        (json!({ "hidden": 1e10 }), "hidden is 10000000000. Use 1 to 63 widths of 1 or more that fit in memory, such as 100,500,500."),
        (json!({ "classes": [0] }), "classes is 0. Use two or more different labels, such as 0,1,8."),
        (json!({ "classes": [0, 1, 0] }), "classes is 0,1,0. Use two or more different labels, such as 0,1,8."),
        (
            json!({ "config": 1 }),
            "\"config\" is not a setting. Use dataset, classes, perClass, majorityClasses, imbalance, oversample, \
            labelNoise, hidden, activation, negativeSlope, normalization, init, residualBlock, phases, optimizer, learningRate, momentum, \
            weightDecay, batchSize, epochs, schedule, seed, measure, records or engine.",
        ),
        (json!({ "learnRate": 0.1 }), "\"learnRate\" is not a setting. Did you mean \"learningRate\"?"),
        (json!([]), "config is []. Use an object of settings."),
    ];
    for (value, message) in noted {
        assert_eq!(json_error(value), message);
    }
}

#[test]
fn bad_phases_say_how_they_are_written() {
    let accepted = "Use epochs, schedule, first and last trained layer of each phase, such as 900:constant:0-9,600:thirds:10-19, and at most \
        100000 epochs in all.";
    let phase = |epochs: u32, train: [u32; 2]| json!({ "epochs": epochs, "schedule": "thirds", "train": train });
    for phases in [json!([]), json!([phase(0, [0, 7])]), json!([phase(5, [3, 2])]), json!([phase(60_000, [0, 7]), phase(60_000, [0, 7])])] {
        let message = json_error(json!({ "phases": phases }));
        assert!(message.starts_with("phases is [") && message.ends_with(accepted), "{message}");
    }
    assert_eq!(url("phases=600").1, [format!("phases is \"600\". {accepted}")]);
}

#[test]
fn values_that_do_not_fit_each_other() {
    let noted = [
        (json!({ "classes": [0, 12] }), "classes is 0,12. Use labels 0 to 9."),
        (json!({ "perClass": 500 }), "perClass is 500. Use 1 to 100 with \"fashion-mnist-10x10\"."),
        (json!({ "majorityClasses": 11 }), "majorityClasses is 11. Use 0 to 10."),
        (json!({ "majorityClasses": 3, "classes": [0, 1] }), "majorityClasses is 3. Use 0 to 2."),
        (json!({ "batchSize": 1 }), "batchSize is 1. Use 2 to 8192: batch normalisation needs the variance of a batch."),
        (
            json!({ "residualBlock": 2, "hidden": [100, 100, 500] }),
            "residualBlock is 2. Use 0, or hidden layers of one width: hidden is 100x2,500.",
        ),
        (
            json!({ "residualBlock": 3, "hidden": vec![100; 9] }),
            "residualBlock is 3. Use 0, or 1 + a multiple of 3 hidden layers, such as 7: hidden has 9.",
        ),
    ];
    for (value, message) in noted {
        assert_eq!(json_error(value), message);
    }
    assert_eq!(
        url("phases=600:thirds:0-8").1,
        ["phases is [{\"epochs\":600,\"schedule\":\"thirds\",\"train\":[0,8]}]. Train layers 0 to 7 or some of them: hidden has 7."]
    );
    let fine = [
        json!({ "batchSize": 1, "normalization": "layer" }),
        json!({ "residualBlock": 3 }),
        json!({ "perClass": 500, "dataset": "fashion-mnist-10x10-large", "majorityClasses": 5, "imbalance": 5 }),
        json!({ "classes": [0, 12], "dataset": "own" }),
    ];
    for value in fine {
        Config::from_json(&value).unwrap();
    }
}

#[test]
fn a_network_too_large_says_how_much_memory_it_needs() {
    let needs = "Use a network that needs at most 1 GB.";
    assert_eq!(json_error(json!({ "hidden": [1_000_000_000] })), format!("hidden is 1000000000. That needs 17 TB of memory. {needs}"));
    assert_eq!(json_error(json!({ "hidden": [10_000, 10_000] })), format!("hidden is 10000x2. That needs 1.8 GB of memory. {needs}"));
    let error = Config::from_json(&json!({ "hidden": vec![4_294_967_295u32; 63] }));
    assert!(matches!(error, Err(ConfigError::TooLarge { bytes: u64::MAX, .. })));
}

#[test]
fn settings_change_by_their_text() {
    let mut config = Config::default();
    config.set("hidden", "1000x4,100x3").unwrap();
    config.set("learningRate", "3e-4").unwrap();
    assert_eq!((config.hidden.len(), config.text("learningRate").unwrap().as_str()), (7, "0.0003"));
    let before = config.clone();
    assert_eq!(config.set("seed", "lucky").unwrap_err().to_string(), "seed is \"lucky\". Use a whole number from 0 to 4294967295.");
    assert!(config.set("luck", "1").is_err() && config.text("luck").is_err());
    assert_eq!(config, before);
}

#[test]
fn a_query_holds_what_differs() {
    assert_eq!(PageState::default().to_query(), "");
    let (state, errors) =
        url("?preset=fig1-adam-20&hidden=100x3,500&classes=0,1,8&phases=9:constant:0-2,6:thirds:3-4&embed&lang=de&theme=dark");
    assert_eq!(errors, [""; 0]);
    assert_eq!((state.config.learning_rate, state.config.total_epochs(), state.embed), (3e-4, 15, Some(Embed::Decay)));
    assert_eq!(
        state.to_query(),
        "preset=fig1-adam-20&classes=0,1,8&hidden=100x3,500&phases=9:constant:0-2,6:thirds:3-4&theme=dark&lang=de&embed=decay"
    );
    let all = PageState { preset: preset("k3"), ..PageState::default() };
    assert_eq!(all.to_query(), "preset=k3&classes=all");
    assert_eq!(url("preset=k3&classes=all").0, all);
}

#[test]
fn bad_values_in_a_query_are_reported_and_the_rest_stands() {
    let (state, errors) = url(
        "learningRate=40&seed=7&engine=tpu&theme=blue&axis=square&curves=test,all&tempo=3&stop=1&embed=maybe&utm_source=mail&epochs=%FF",
    );
    assert_eq!(
        errors,
        [
            "learningRate is 40. Use 0.00001 to 10.",
            "engine is \"tpu\". Use \"auto\", \"cpu\" or \"webgpu\".",
            "theme is \"blue\". Use \"light\" or \"dark\".",
            "axis is \"square\". Use \"log\" or \"linear\".",
            "curves is \"all\". Use \"training\", \"test\" or \"classes\".",
            "tempo is \"3\". Use 0.5, 1, 2 or 4.",
            "stop is \"1\". Use 0.01 or 0.001.",
            "embed is \"maybe\". Use \"decay\", \"simplex\", \"loss\", \"layer-peeled\" or \"all\".",
            "epochs is \"\u{fffd}\". Use a whole number from 1 to 100000.",
        ]
    );
    assert_eq!(state, PageState { config: Config { seed: 7, ..Config::default() }, ..PageState::default() });
}

#[test]
fn a_bad_value_leaves_the_presets() {
    let (state, errors) = url("learningRate=nan&preset=fig1-sgd-4");
    assert_eq!((state.config.learning_rate, errors.len()), (0.3, 1));
    let (state, errors) = url("preset=fig2&seed=7");
    assert!(errors[0].starts_with("preset is \"fig2\". Use \"fig1-sgd-4\", "), "{errors:?}");
    assert_eq!((state.preset, state.config.seed), (None, 7));
}

#[test]
fn values_in_a_query_that_do_not_fit_each_other_are_given_up() {
    let (state, errors) = url("hidden=100x8&residualBlock=2&batchSize=1&seed=7");
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert_eq!(state.config, Config { hidden: vec![100; 8], seed: 7, ..Config::default() });
    let (state, errors) = url("hidden=1000000000");
    assert!(errors[0].contains("17 TB"), "{errors:?}");
    assert_eq!(state.config, Config::default());
}

prop_compose! {
    /// A network's shape: widths, residual block.
    fn shape()(block in select(vec![0, 0, 2, 3]), blocks in 0usize..5, width in 1usize..300, widths in prop::collection::vec(1usize..300, 1..12))
        -> (Vec<usize>, usize) {
        if block == 0 { (widths, 0) } else { (vec![width; 1 + block * blocks], block) }
    }
}

fn phases(layers: usize) -> impl Strategy<Value = Option<Vec<Phase>>> {
    let schedule = select(vec![Schedule::Thirds, Schedule::Constant]);
    let phase = (1u32..2000, schedule, 0..layers, 0..layers).prop_map(|(epochs, schedule, a, b)| Phase {
        epochs,
        schedule,
        train: [a.min(b), a.max(b)],
    });
    prop::option::of(prop::collection::vec(phase, 1..4))
}

prop_compose! {
    fn training(layers: usize)(
        phases in phases(layers),
        optimizer in select(vec![OptimizerKind::Sgd, OptimizerKind::Momentum, OptimizerKind::Adam]),
        (learning_rate, momentum, weight_decay) in (1e-5..10.0, 0.0..0.999, 0.0..1.0),
        batch_size in 2usize..8192,
        epochs in 1u32..100_000,
        schedule in select(vec![Schedule::Thirds, Schedule::Constant]),
        seed: u32,
        measure in select(vec![BatchNormMode::BatchesOf100, BatchNormMode::Running]),
        records in select(vec![RecordSchedule::Standard, RecordSchedule::EveryStep, RecordSchedule::Ends]),
        engine in select(vec![EngineChoice::Auto, EngineChoice::Cpu, EngineChoice::Webgpu]),
    ) -> Config {
        Config {
            phases, optimizer, learning_rate, momentum, weight_decay, batch_size, epochs, schedule, seed, measure, records, engine,
            ..Config::default()
        }
    }
}

prop_compose! {
    /// Any config that is accepted, around a training and a network's shape.
    fn with_data_and_layers(training: Config, (hidden, residual_block): (Vec<usize>, usize))(
        dataset in select(vec![DatasetName::Fashion10, DatasetName::Fashion10Large, DatasetName::Fashion28, DatasetName::Own]),
        classes in prop::option::of(subsequence((0u16..10).collect::<Vec<_>>(), 2..10).prop_shuffle()),
        per_class in 1u32..=100,
        (majority_classes, imbalance, oversample) in (0u32..=2, 1.0..1000.0, any::<bool>()),
        label_noise in 0.0..0.9,
        activation in select(vec![Activation::Relu, Activation::LeakyRelu, Activation::Tanh, Activation::Identity]),
        negative_slope in 0.0..1.0,
        normalization in select(vec![Normalization::Batch, Normalization::Layer, Normalization::None]),
        init in select(vec![Initialization::Torch, Initialization::He]),
    ) -> Config {
        Config {
            dataset, classes, per_class, majority_classes, imbalance, oversample, label_noise, activation, negative_slope, normalization, init,
            hidden: hidden.clone(), residual_block, ..training.clone()
        }
    }
}

prop_compose! {
    fn view()(
        [linear, test, classes]: [bool; 3],
        pace in prop::option::of(select(vec![Pace::Watch, Pace::Fast])),
        tempo in select(vec![0.5, 1.0, 2.0, 4.0]),
        stop in prop::option::of(select(vec![0.01, 0.001])),
        means in select(vec![MeansView::All, MeansView::Three, MeansView::Four, MeansView::Cosines]),
        corners in prop::option::of(subsequence((0u16..10).collect::<Vec<_>>(), 4).prop_shuffle()),
        layer in prop::option::of(0..1000_usize),
    ) -> View {
        let corners = corners.map(|labels| labels.try_into().unwrap());
        View { linear, test, classes, pace, tempo, stop, means, corners, layer }
    }
}

prop_compose! {
fn sweep()(sweep in select(Sweep::ALL.to_vec()), seeds in 1..=10_u32, epochs in 1..=2000_u32, of_run: bool) -> SweepView {
        SweepView { sweep, seeds, epochs, of_run }
    }
}

prop_compose! {
    fn minority()(
        classes in 2usize..=20,
        share in 0.0..1.0,
        imbalance in 1.0..1e4,
        energy_features in 0.1..10.0,
        energy_classifiers in 0.1..10.0,
        epochs in 10u32..=100,
        per_class in 10u32..=1000,
        oversample: bool,
    ) -> MinorityView {
        let majority = (share * classes as f64) as usize;
        let model = LayerPeeled { classes, majority, imbalance, energy_features, energy_classifiers, dimensions: None };
        MinorityView { model, epochs, per_class, oversample }
    }
}

fn config() -> impl Strategy<Value = Config> {
    shape()
        .prop_flat_map(|shape| (training(shape.0.len() + 1), Just(shape)))
        .prop_flat_map(|(training, shape)| with_data_and_layers(training, shape))
}

#[test]
fn a_link_names_own_data_but_does_not_carry_them() {
    let (mut state, errors) = url("dataset=own&classes=3,12&seed=3");
    assert!(errors.is_empty() && state.settle_data(true).is_empty());
    assert_eq!(state.to_query(), "dataset=own&classes=3,12&seed=3");
    let errors: Vec<String> = state.settle_data(false).iter().map(ToString::to_string).collect();
    let expected = [
        "dataset is \"own\". Use a bundled dataset, or choose your own images again: a link does not carry them.",
        "classes is 3,12. Use labels 0 to 9.",
    ];
    assert_eq!(errors, expected);
    assert_eq!(state.config, Config { seed: 3, ..Config::default() });
    assert!(state.settle_data(false).is_empty());
}

#[test]
fn an_embed_shows_one_figure_and_hides_what_its_link_names() {
    for (text, embed) in
        [("embed", Some(Embed::Decay)), ("embed=true", Some(Embed::Decay)), ("embed=loss", Some(Embed::Loss)), ("embed=false", None)]
    {
        assert_eq!((url(text).0.embed, url(text).1), (embed, vec![]), "{text}");
    }
    let (state, errors) = url("embed=all&hide=train,seed,");
    assert_eq!((state.hide, errors), (vec!["train", "seed"], vec![]));
    let (state, errors) = url("hide=train,seeds");
    assert_eq!((state.hide, errors.len()), (vec![], 1));
    assert!(errors[0].starts_with("hide is \"seeds\". Use presets, settings, "), "{errors:?}");
}

#[test]
fn settings_of_a_link_change_all_at_once_or_not_at_all() {
    let settings = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, text)| (key.to_string(), text.to_string())).collect::<Vec<_>>();
    let start = url("seed=7&embed=loss").0;
    let state =
        start.with(&settings(&[("learningRate", "0.01"), ("axis", "linear"), ("peeledImbalance", "30"), ("hide", "train")])).unwrap();
    assert_eq!((state.config.seed, state.config.learning_rate, state.embed), (7, 0.01, Some(Embed::Loss)));
    assert_eq!((state.view.linear, state.minority.model.imbalance, state.hide), (true, 30.0, vec!["train"]));
    let state = start.with(&settings(&[("epochs", "5"), ("preset", "fig1-sgd-4")])).unwrap();
    assert_eq!((state.config.epochs, state.config.seed, state.config.learning_rate), (5, 666, 0.3));
    for (pairs, message) in [
        (&[("seed", "8"), ("learningRate", "40")][..], "learningRate is 40. Use 0.00001 to 10."),
        (&[("learningrate", "1")], "\"learningrate\" is not a setting. Did you mean \"learningRate\"?"),
        (&[("peeledMajority", "12")], "peeledMajority is \"12\". Use 0 to 10."),
        (&[("preset", "fig2")], "preset is \"fig2\". Use \"fig1-sgd-4\""),
    ] {
        let error = start.with(&settings(pairs)).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

proptest! {
    #[test]
    fn configs_go_through_json_text_and_back(config in config()) {
        let text = config.to_json().to_string();
        prop_assert_eq!(Config::from_json(&serde_json::from_str(&text).unwrap()), Ok(config));
    }

    #[test]
    fn page_states_go_through_the_url_and_back(
        config in config(),
        preset in prop::option::of(select(presets().iter().collect::<Vec<_>>())),
        hide in prop::collection::vec(select(PARTS.to_vec()), 0..3),
        embed in prop::option::of(select(vec![Embed::Decay, Embed::Simplex, Embed::Loss, Embed::LayerPeeled, Embed::All])),
        theme in prop::option::of(select(vec![Theme::Light, Theme::Dark])),
        lang in prop::option::of(".{1,8}"),
        flags: [bool; 2],
        view in view(),
        minority in minority(),
        sweep in sweep(),
        tour in prop::option::of(0..STEPS.len()),
    ) {
        let [present, autoplay] = flags;
        // What a link cannot name: see the test below.
        let dataset = if config.dataset == DatasetName::Own { DatasetName::Fashion10Large } else { config.dataset };
        let engine = if config.engine == EngineChoice::Webgpu { EngineChoice::Auto } else { config.engine };
        let config = Config { dataset, engine, per_class: config.per_class.min(100), ..config };
        prop_assume!(config.check().is_ok());
        let state = PageState { config, preset, embed, hide, theme, lang, present, autoplay, view, minority, sweep, tour };
        prop_assert_eq!(PageState::parse(&state.to_query()), (state, vec![]));
    }

    #[test]
    fn any_query_gives_a_sound_config(query in "((hidden|phases|classes|epochs|residualBlock|preset|seed)=[0-9a-z:,.x%-]{0,12}&){0,6}") {
        prop_assert_eq!(PageState::parse(&query).0.config.check(), Ok(()));
    }
}

#[test]
fn a_link_may_name_a_dialect_of_a_language_that_the_page_speaks_and_no_other() {
    let languages = ["en".to_owned(), "zh".to_owned()];
    for (query, lang) in
        [("lang=zh", Some("zh")), ("lang=zh-CN", Some("zh-CN")), ("lang=EN-gb", Some("EN-gb")), ("", None), ("lang=", None)]
    {
        let (mut link, _) = PageState::parse(query);
        assert_eq!(link.settle_language(&languages), None, "{query}");
        assert_eq!(link.lang.as_deref(), lang, "{query}");
    }
    for query in ["lang=tlh", "lang=z", "lang=zhuang"] {
        let (mut link, _) = PageState::parse(query);
        let error = link.settle_language(&languages).expect(query).to_string();
        assert!(error.starts_with("lang is ") && error.ends_with("Use \"en\" or \"zh\"."), "{error}");
        assert_eq!(link.lang, None, "{query}");
    }
}
