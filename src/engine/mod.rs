//! Engines: what trains a network and measures its layers.
