//! Figures: pure functions from data to a plotters drawing area.
