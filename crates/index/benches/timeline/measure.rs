//! Time of single calls by the clock, and of all of them on a processor (Linux, `/proc/self/schedstat`, which
//! moves on with every tick only, so it says nothing about one call).

use std::time::Instant;

/// How often a list is gone through.
const ROUNDS: usize = 3;

/// Milliseconds.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
}

pub(crate) struct Started(f64, Instant);

impl Cost {
    pub(crate) fn now() -> Started {
        Started(cpu(), Instant::now())
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.wall += other.wall;
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self { cpu: self.cpu - other.cpu, wall: self.wall - other.wall }
    }
}

impl Started {
    pub(crate) fn until_now(&self) -> Cost {
        Cost { cpu: cpu() - self.0, wall: self.1.elapsed().as_secs_f64() * 1e3 }
    }
}

fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}

/// Costs of single calls, in milliseconds, and what came back.
#[derive(Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) calls: usize,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) cpu_sum: f64,
    pub(crate) found: usize,
}

/// Calls with each of a list, round after round.
pub(crate) fn measured<T>(list: &[T], mut call: impl FnMut(&T) -> usize) -> Measured {
    let (mut wall, mut cpu_sum, mut found) = (Vec::new(), 0.0, 0);
    for _ in 0..ROUNDS {
        for one in list {
            let start = Cost::now();
            found += call(one);
            let cost = start.until_now();
            cpu_sum += cost.cpu;
            wall.push(cost.wall);
        }
    }
    let at = |list: &mut Vec<f64>, part: f64| {
        list.sort_by(f64::total_cmp);
        list[((list.len() as f64 * part).ceil() as usize).clamp(1, list.len()) - 1]
    };
    Measured {
        calls: wall.len(),
        p50: at(&mut wall, 0.5),
        p99: at(&mut wall, 0.99),
        cpu_sum,
        found: found / ROUNDS,
    }
}
