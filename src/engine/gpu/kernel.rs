//! A WGSL kernel and what it is bound to.

use std::num::NonZeroU64;
use wgpu::{
    BindGroup, BindGroupDescriptor, BindGroupEntry, BindGroupLayout, BindGroupLayoutDescriptor, BindGroupLayoutEntry, BindingType, Buffer,
    BufferBinding, BufferBindingType, ComputePass, ComputePipeline, ComputePipelineDescriptor, PipelineCompilationOptions,
    PipelineLayoutDescriptor, ShaderModuleDescriptor, ShaderSource, ShaderStages,
};

/// What a kernel does with a buffer.
#[derive(Clone, Copy)]
pub enum Slot {
    /// Reads a small struct that is the same for all threads.
    Uniform,
    /// Reads.
    Read,
    /// Reads and writes.
    Write,
}

/// A compute pipeline, group 0 its buffers.
pub struct Kernel {
    pipeline: ComputePipeline,
    layout: BindGroupLayout,
}

/// A kernel bound to its buffers, and the size of its grid.
pub struct Task {
    kernel: ComputePipeline,
    group: BindGroup,
    grid: [u32; 2],
}

impl Kernel {
    /// The kernel `name`, the entry point of `source`. With `steps`, group 1 is the step at hand.
    pub fn new(
        device: &wgpu::Device,
        name: &'static str,
        source: &str,
        slots: &[Slot],
        steps: Option<&Steps>,
        constants: &[(&str, f64)],
    ) -> Self {
        let entries: Vec<_> = (0..).zip(slots).map(|(binding, slot)| slot.entry(binding, false)).collect();
        let layout = device.create_bind_group_layout(&BindGroupLayoutDescriptor { label: Some(name), entries: &entries });
        let layouts: Vec<_> = [Some(&layout), steps.map(|steps| &steps.layout)].into_iter().filter(Option::is_some).collect();
        let pipeline_layout =
            device.create_pipeline_layout(&PipelineLayoutDescriptor { label: Some(name), bind_group_layouts: &layouts, immediate_size: 0 });
        let module = device.create_shader_module(ShaderModuleDescriptor { label: Some(name), source: ShaderSource::Wgsl(source.into()) });
        let pipeline = device.create_compute_pipeline(&ComputePipelineDescriptor {
            label: Some(name),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some(name),
            // Every kernel writes its workgroup's memory before it reads it.
            compilation_options: PipelineCompilationOptions { constants, zero_initialize_workgroup_memory: false },
            cache: None,
        });
        Self { pipeline, layout }
    }

    /// Itself, bound to `buffers` in the order of its slots.
    pub fn bind(&self, device: &wgpu::Device, buffers: &[&Buffer], grid: [u32; 2]) -> Task {
        let entries: Vec<_> =
            (0..).zip(buffers).map(|(binding, buffer)| BindGroupEntry { binding, resource: buffer.as_entire_binding() }).collect();
        let group = device.create_bind_group(&BindGroupDescriptor { label: None, layout: &self.layout, entries: &entries });
        Task { kernel: self.pipeline.clone(), group, grid }
    }
}

impl Task {
    /// Adds it to the commands of `pass`.
    pub fn run(&self, pass: &mut ComputePass) {
        self.run_rows(pass, self.grid[1]);
    }

    /// Likewise, its grid so many workgroups high.
    pub fn run_rows(&self, pass: &mut ComputePass, rows: u32) {
        pass.set_pipeline(&self.kernel);
        pass.set_bind_group(0, &self.group, &[]);
        pass.dispatch_workgroups(self.grid[0], rows, 1);
    }
}

impl Slot {
    fn entry(self, binding: u32, dynamic: bool) -> BindGroupLayoutEntry {
        let ty = match self {
            Slot::Uniform => BufferBindingType::Uniform,
            Slot::Read => BufferBindingType::Storage { read_only: true },
            Slot::Write => BufferBindingType::Storage { read_only: false },
        };
        let ty = BindingType::Buffer { ty, has_dynamic_offset: dynamic, min_binding_size: None };
        BindGroupLayoutEntry { binding, visibility: ShaderStages::COMPUTE, ty, count: None }
    }
}

/// The steps of a submit, of which each dispatch sees one.
pub struct Steps {
    layout: BindGroupLayout,
    group: BindGroup,
}

impl Steps {
    /// Bytes from one step to the next: what WebGPU guarantees to be allowed.
    pub const STRIDE: usize = 256;
    /// Bytes of a step: see shapes.wgsl.
    const SIZE: u64 = 32;

    /// The steps in `buffer`.
    pub fn new(device: &wgpu::Device, buffer: &Buffer) -> Self {
        let entries = [Slot::Uniform.entry(0, true)];
        let layout = device.create_bind_group_layout(&BindGroupLayoutDescriptor { label: Some("step"), entries: &entries });
        let binding = BufferBinding { buffer, offset: 0, size: NonZeroU64::new(Self::SIZE) };
        let entries = [BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Buffer(binding) }];
        let group = device.create_bind_group(&BindGroupDescriptor { label: Some("step"), layout: &layout, entries: &entries });
        Self { layout, group }
    }

    /// From now on the kernels of `pass` see step `index`.
    pub fn select(&self, pass: &mut ComputePass, index: usize) {
        pass.set_bind_group(1, &self.group, &[(index * Self::STRIDE) as u32]);
    }
}
