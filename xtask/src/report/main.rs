//! `cargo xtask report`: trains the gallery natively, with several seeds each, and writes www/report: the numbers, a picture of each preset and
//! a page that sets them beside PyTorch's. `--check` trains again and compares with what is committed there instead of writing; `--draw` trains
//! nothing and draws what is committed anew.

mod golden;
mod outcome;
mod page;
mod picture;
mod study;

use golden::Golden;
use outcome::{SEEDS, agreement};
use separation_playground::dataset::{BUNDLED, Dataset, load};
use separation_playground::experiment::{Config, Entry, Group, Outcome, Preset, Report, Study, in_turn, presets};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};
use study::{GRID, Item};

const HELP: &str = "report [--check | --draw] [--seeds N] [PRESET or STUDY ...]: all presets of the gallery and all studies, or these";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (mut check, mut draw, mut seeds, mut ids) = (false, false, SEEDS.len(), Vec::new());
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--check" => check = true,
            "--draw" => draw = true,
            "--seeds" => seeds = args.next().and_then(|n| n.parse().ok()).filter(|n| (1..=SEEDS.len()).contains(n)).ok_or(HELP)?,
            _ if presets().iter().any(|preset| preset.id == arg) || study::names().contains(&arg.as_str()) => ids.push(arg),
            _ => return Err(format!("{arg} is no preset and no study. {HELP}").into()),
        }
    }
    let golden = Golden::read(&folder("tests/golden"))?;
    let committed = outcome::read(&folder("www/report"));
    if draw {
        return write(&committed?, &golden);
    }
    let chosen = |id: &str, by_default: bool| if ids.is_empty() { by_default } else { ids.iter().any(|wanted| wanted == id) };
    let entries = presets().iter().filter(|preset| chosen(&preset.id, in_report(preset)));
    let of = |config: &Config| SEEDS[..seeds].iter().map(|&seed| Config { seed, ..config.clone() }).collect();
    let entries = entries.map(|preset| Item { id: preset.id.clone(), title: page::title(&preset.id), runs: of(&preset.config) });
    let studies = study::names().into_iter().filter(|name| chosen(name, true)).collect::<Vec<_>>();
    // All at once, so that no core waits for the last run of one of them.
    let counts = studies.iter().map(|name| study::items(name, seeds).len()).collect::<Vec<_>>();
    let items = entries.chain(studies.iter().flat_map(|name| study::items(name, seeds))).collect::<Vec<_>>();
    let mut entries = train(&items)?;
    let mut trained = entries.split_off(entries.len() - counts.iter().sum::<usize>()).into_iter();
    let study = |(id, count): (&&str, usize)| Study { id: (*id).to_owned(), entries: trained.by_ref().take(count).collect() };
    let studies = studies.iter().zip(counts).map(study).collect();
    let report = Report { date: today(), version: env!("CARGO_PKG_VERSION").to_owned(), entries, studies };
    if check {
        let differences = differences(&report, &committed?, &golden);
        return if differences.is_empty() { Ok(()) } else { Err(differences.join("\n").into()) };
    }
    // Presets that were not trained now keep what was found before.
    let report = match committed {
        Ok(before) if !ids.is_empty() => before.with(report),
        _ => report,
    };
    for difference in differences(&report, &report, &golden) {
        println!("{difference}");
    }
    write(&report, &golden)
}

/// Writes the report's numbers, pictures and page.
fn write(report: &Report, golden: &Golden) -> Result<(), Box<dyn Error>> {
    let target = folder("www/report");
    fs::create_dir_all(&target)?;
    outcome::write(report, &target)?;
    for entry in &report.entries {
        fs::write(target.join(format!("{}.svg", entry.id)), picture::svg(entry)?)?;
    }
    for Study { id, entries } in report.studies.iter().filter(|study| study.id != GRID) {
        for (name, picture) in [id.clone(), format!("{id}-curves")].iter().zip(study::sweep(id, entries)?) {
            fs::write(target.join(format!("{name}.svg")), picture)?;
        }
    }
    fs::write(target.join("index.html"), page::html(report, golden)?)?;
    Ok(())
}

/// Whether a preset belongs to the report: those that show what others show, from another side, do not.
fn in_report(preset: &Preset) -> bool {
    !matches!(preset.group, Group::Emergence | Group::Simplex)
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// Trains all runs, on as many threads as there are cores.
fn train(items: &[Item]) -> Result<Vec<Entry>, Box<dyn Error>> {
    let data = BUNDLED.iter().map(|bundled| load(bundled, &folder("www/data"))).collect::<Result<Vec<_>, _>>()?;
    let jobs = items.iter().enumerate().flat_map(|(at, item)| item.runs.iter().map(move |run| (at, run)));
    let mut jobs = jobs.collect::<Vec<_>>();
    jobs.sort_by(|(_, a), (_, b)| in_turn(a, b));
    let all = jobs.len();
    let waiting = Mutex::new(jobs.into_iter());
    let found = Mutex::new(Vec::new());
    let work = || -> Result<(), String> {
        loop {
            let Some(next) = waiting.lock().map_err(|_| "another thread failed")?.next() else { return Ok(()) };
            let outcome = one(next.1, &data)?;
            let mut found = found.lock().map_err(|_| "another thread failed")?;
            found.push((next.0, outcome));
            eprintln!("{:>4} of {all}: {}, seed {}", found.len(), items[next.0].id, next.1.seed);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let running = (0..threads).map(|_| scope.spawn(work)).collect::<Vec<_>>();
        running.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread panicked".to_owned())?)
    })?;
    let mut found = found.into_inner()?;
    found.sort_by_key(|(at, outcome): &(usize, Outcome)| (*at, outcome.seed));
    let of = |at: usize| found.iter().filter(|found| found.0 == at).map(|found| found.1.clone()).collect();
    let entry = |(at, item): (usize, &Item)| Entry {
        id: item.id.clone(),
        title: item.title.clone(),
        epochs: item.runs[0].total_epochs(),
        outcomes: of(at),
    };
    Ok(items.iter().enumerate().map(entry).collect())
}

/// A run to its end. Errors are texts, since they cross threads.
fn one(config: &Config, data: &[Dataset]) -> Result<Outcome, String> {
    let at = BUNDLED
        .iter()
        .position(|bundled| config.dataset.bundled().is_some_and(|wanted| wanted.id == bundled.id))
        .ok_or("no preset has data of its own")?;
    outcome::train(config, &data[at]).map_err(|why| format!("{config:?}: {why}"))
}

/// What differs from what is committed and from PyTorch's, a sentence each.
fn differences(report: &Report, committed: &Report, golden: &Golden) -> Vec<String> {
    let mut differences = Vec::new();
    for entry in report.all() {
        let before = committed.all().find(|other| other.id == entry.id).map(|entry| &entry.outcomes);
        for (name, other) in [("the committed report", before), ("PyTorch", golden.outcomes(&entry.id))] {
            let differ = other.map_or_else(Vec::new, |other| agreement(&entry.outcomes, other));
            differences.extend(differ.into_iter().map(|measure| format!("{}: {measure} than in {name}", entry.id)));
        }
    }
    differences
}

/// Today in UTC, as 2026-11-23.
fn today() -> String {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400) as i64;
    // Years of 1461 days in four begin in March, so that the leap day is the last; eras of 400 years all alike.
    let since_era = days + 719_468;
    let (era, day) = (since_era.div_euclid(146_097), since_era.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (month, shift) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{}-{month:02}-{date:02}", year + 400 * era + shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_made_from_the_committed_numbers() {
        let report = outcome::read(&folder("www/report")).unwrap();
        let golden = Golden::read(&folder("tests/golden")).unwrap();
        assert_eq!(page::html(&report, &golden).unwrap(), fs::read_to_string(folder("www/report/index.html")).unwrap());
        let missing = presets().iter().find(|preset| in_report(preset) && !report.entries.iter().any(|entry| entry.id == preset.id));
        assert_eq!(missing.map(|preset| &preset.id), None);
        assert_eq!(report.studies.iter().map(|study| study.id.as_str()).collect::<Vec<_>>(), study::names());
    }

    #[test]
    fn every_experiment_of_the_golden_values_that_is_a_preset_is_found() {
        let golden = Golden::read(&folder("tests/golden")).unwrap();
        let found = presets().iter().filter(|preset| golden.outcomes(&preset.id).is_some()).count();
        assert_eq!(found, 9 + 20);
        let swept =
            study::names().into_iter().flat_map(|name| study::items(name, 1)).filter(|item| golden.outcomes(&item.id).is_some()).count();
        assert_eq!(swept, 7 + 5);
    }
}
