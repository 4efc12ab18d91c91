//! A GPU: asked for, watched over, read from.

use crate::engine::EngineError;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use wgpu::{Buffer, BufferDescriptor, BufferUsages, CommandEncoder, ErrorFilter, MapMode};

/// Which GPU runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// As its driver calls it.
    pub name: String,
    /// The interface behind it, such as "vulkan" or "webgpu".
    pub backend: String,
    /// Whether it is a program on the CPU.
    pub software: bool,
}

impl Adapter {
    fn new(info: &wgpu::AdapterInfo) -> Self {
        let name = [&info.name, &info.driver, &info.driver_info].into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default();
        let known = ["swiftshader", "llvmpipe", "lavapipe", "software"];
        let software = info.device_type == wgpu::DeviceType::Cpu || known.iter().any(|known| name.to_ascii_lowercase().contains(known));
        Self { name, backend: info.backend.to_string(), software }
    }
}

/// A GPU and the queue of its commands.
pub struct Device {
    /// Makes things.
    pub device: wgpu::Device,
    /// Does things.
    pub queue: wgpu::Queue,
    /// What it is.
    pub adapter: Adapter,
    /// What went wrong outside of everything watched.
    trouble: Arc<Mutex<Option<EngineError>>>,
    /// Bytes read from it so far.
    bytes_read: AtomicU64,
}

impl Device {
    /// The GPU that the browser or the system prefers.
    ///
    /// # Errors
    /// If there is none, or it is refused.
    pub async fn new() -> Result<Self, EngineError> {
        let unavailable = |why: String| EngineError::Unavailable(why);
        if !is_there() {
            return Err(unavailable("there is no navigator.gpu".to_owned()));
        }
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            flags: wgpu::InstanceFlags::empty(),
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let preference = wgpu::PowerPreference::HighPerformance;
        let options = wgpu::RequestAdapterOptions { power_preference: preference, ..Default::default() };
        let adapter = instance.request_adapter(&options).await.map_err(|error| unavailable(error.to_string()))?;
        let offered = adapter.limits();
        let required_limits = wgpu::Limits {
            max_buffer_size: offered.max_buffer_size,
            max_storage_buffer_binding_size: offered.max_storage_buffer_binding_size,
            ..wgpu::Limits::default()
        };
        let descriptor = wgpu::DeviceDescriptor { required_limits, ..Default::default() };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|error| unavailable(error.to_string()))?;

        let trouble = Arc::new(Mutex::new(None));
        let (refused, lost) = (trouble.clone(), trouble.clone());
        device.on_uncaptured_error(Arc::new(move |error| {
            held(&refused).get_or_insert(named(error));
        }));
        // Whatever failed before failed because of this.
        device.set_device_lost_callback(move |_, reason| *held(&lost) = Some(EngineError::Lost(reason)));
        Ok(Self { device, queue, adapter: Adapter::new(&adapter.get_info()), trouble, bytes_read: AtomicU64::new(0) })
    }

    /// Runs `commands`, and says whether the device took them.
    ///
    /// # Errors
    /// If it did not, or has been lost.
    pub async fn watched<T>(&self, commands: impl FnOnce() -> T) -> Result<T, EngineError> {
        let scopes =
            [ErrorFilter::Internal, ErrorFilter::OutOfMemory, ErrorFilter::Validation].map(|filter| self.device.push_error_scope(filter));
        let done = commands();
        // Popped innermost first, all of them before the first wait: another's commands must not fall into these scopes.
        let [internal, memory, validation] = scopes;
        let errors = (validation.pop(), memory.pop(), internal.pop());
        let errors = [errors.0.await, errors.1.await, errors.2.await];
        // Natively a lost device is noticed here; a browser tells by itself.
        let _ = self.device.poll(wgpu::PollType::Poll);
        self.well()?;
        errors.into_iter().flatten().next().map_or(Ok(done), |error| Err(named(error)))
    }

    fn well(&self) -> Result<(), EngineError> {
        held(&self.trouble).clone().map_or(Ok(()), Err)
    }

    /// An empty buffer of `length` numbers, of zeros.
    pub fn buffer(&self, length: usize, usage: BufferUsages) -> Buffer {
        // WebGPU binds nothing that is empty, nor a uniform block that is smaller than its struct.
        let size = (4 * length as u64).max(64);
        self.device.create_buffer(&BufferDescriptor { label: None, size, usage, mapped_at_creation: false })
    }

    /// A buffer for kernels to read, write, and copy from and to.
    pub fn storage(&self, length: usize) -> Buffer {
        self.buffer(length, BufferUsages::STORAGE | BufferUsages::COPY_SRC | BufferUsages::COPY_DST)
    }

    /// A buffer for kernels, with `values`.
    pub fn filled<T: Number>(&self, values: &[T], usage: BufferUsages) -> Buffer {
        let buffer = self.buffer(values.len(), usage | BufferUsages::COPY_DST);
        self.write(&buffer, values);
        buffer
    }

    /// Overwrites the beginning of `buffer`, after all commands so far.
    pub fn write<T: Number>(&self, buffer: &Buffer, values: &[T]) {
        if !values.is_empty() {
            self.queue.write_buffer(buffer, 0, &bytes(values));
        }
    }

    /// The first `length` numbers of a staging buffer, once all commands so far are done.
    ///
    /// # Errors
    /// If the device is lost.
    pub async fn read(&self, staging: &Buffer, length: usize) -> Result<Vec<f32>, EngineError> {
        let answer = Answer::new();
        let mapped = answer.clone();
        staging.map_async(MapMode::Read, .., move |result| mapped.give(result));
        let result = self.wait(wgpu::PollType::wait_indefinitely(), answer).await?;
        let lost = |error: &dyn std::error::Error| EngineError::Lost(error.to_string());
        result.map_err(|error| lost(&error))?;
        self.bytes_read.fetch_add(4 * length as u64, Ordering::Relaxed);
        let view = staging.get_mapped_range(..).map_err(|error| lost(&error))?;
        let numbers = view.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).take(length).collect();
        drop(view);
        staging.unmap();
        Ok(numbers)
    }

    /// The first numbers of some buffers, after all commands so far.
    ///
    /// # Errors
    /// If the device fails.
    pub async fn fetch(&self, parts: &[(&Buffer, usize)]) -> Result<Vec<f32>, EngineError> {
        let length = parts.iter().map(|(_, length)| length).sum();
        let copied = self.watched(|| {
            let mut copies = Copies::new(self, length);
            let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            parts.iter().for_each(|(buffer, length)| copies.add(&mut encoder, buffer, 0, *length));
            self.queue.submit([encoder.finish()]);
            copies.staging
        });
        self.read(&copied.await?, length).await
    }

    /// Submits `commands`; the answer comes when they are done.
    pub fn submit(&self, commands: wgpu::CommandBuffer) -> Submission {
        let index = self.queue.submit([commands]);
        let answer = Answer::new();
        let done = answer.clone();
        self.queue.on_submitted_work_done(move || done.give(()));
        Submission { index, answer }
    }

    /// Waits until everything up to `submission` is done.
    ///
    /// # Errors
    /// If the device is lost.
    pub async fn finish(&self, Submission { index, answer }: Submission) -> Result<(), EngineError> {
        self.wait(wgpu::PollType::Wait { submission_index: Some(index), timeout: None }, answer).await
    }

    /// The answer that natively comes with `poll`; in a browser that does nothing, and the event loop brings the answer.
    async fn wait<T>(&self, poll: wgpu::PollType, answer: Answer<T>) -> Result<T, EngineError> {
        let waited = self.device.poll(poll);
        self.well()?;
        waited.map_err(|error| EngineError::Lost(error.to_string()))?;
        let answer = answer.taken().await;
        self.well()?;
        Ok(answer)
    }

    /// Bytes read from it so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// The largest buffer that a kernel can use, in bytes.
    pub fn largest_buffer(&self) -> u64 {
        let limits = self.device.limits();
        limits.max_buffer_size.min(limits.max_storage_buffer_binding_size)
    }

    /// Checks that `length` numbers fit in a buffer.
    ///
    /// # Errors
    /// If not; `what` is plural.
    pub fn fits(&self, what: &'static str, length: usize) -> Result<(), EngineError> {
        let (bytes, limit) = (4 * length as u64, self.largest_buffer());
        if bytes > limit { Err(EngineError::TooLarge { what, bytes, limit }) } else { Ok(()) }
    }
}

/// Numbers on their way to the CPU, one after the other.
pub struct Copies {
    /// Where they will be.
    pub staging: Buffer,
    at: usize,
}

impl Copies {
    /// Of `length` numbers in all.
    pub fn new(device: &Device, length: usize) -> Self {
        Self { staging: device.buffer(length, BufferUsages::COPY_DST | BufferUsages::MAP_READ), at: 0 }
    }

    /// Adds `length` numbers of `from`, beginning at `start`.
    pub fn add(&mut self, encoder: &mut CommandEncoder, from: &Buffer, start: usize, length: usize) {
        if length > 0 {
            encoder.copy_buffer_to_buffer(from, 4 * start as u64, &self.staging, 4 * self.at as u64, 4 * length as u64);
        }
        self.at += length;
    }
}

/// Commands under way.
pub struct Submission {
    index: wgpu::SubmissionIndex,
    answer: Answer<()>,
}

/// What a callback will give, and who waits for it.
struct Answer<T>(Arc<Mutex<(Option<T>, Option<Waker>)>>);

impl<T> Answer<T> {
    fn new() -> Self {
        Self(Arc::new(Mutex::new((None, None))))
    }

    fn give(&self, answer: T) {
        let mut state = held(&self.0);
        state.0 = Some(answer);
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    async fn taken(self) -> T {
        poll_fn(|context| {
            let mut state = held(&self.0);
            match state.0.take() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    state.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// What `mutex` holds: nothing here panics while it has it.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn named(error: wgpu::Error) -> EngineError {
    match error {
        wgpu::Error::OutOfMemory { source } => EngineError::OutOfMemory(source.to_string()),
        error => EngineError::Refused(error.to_string()),
    }
}

/// Whether there is a WebGPU to ask for an adapter: wgpu itself asks only windows and workers.
#[cfg(target_arch = "wasm32")]
fn is_there() -> bool {
    let property = |of: &wasm_bindgen::JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).ok().filter(|value| value.is_object());
    let global = js_sys::global().into();
    let scope = property(&global, "window").or_else(|| property(&global, "self"));
    scope.and_then(|scope| property(&scope, "navigator")).and_then(|navigator| property(&navigator, "gpu")).is_some()
}

#[cfg(not(target_arch = "wasm32"))]
fn is_there() -> bool {
    true
}

/// Something four bytes long, as a GPU has it.
pub trait Number: Copy {
    /// Little-endian.
    fn bytes(self) -> [u8; 4];
}

impl Number for f32 {
    fn bytes(self) -> [u8; 4] {
        self.to_le_bytes()
    }
}

impl Number for u32 {
    fn bytes(self) -> [u8; 4] {
        self.to_le_bytes()
    }
}

fn bytes<T: Number>(values: &[T]) -> Vec<u8> {
    values.iter().flat_map(|value| value.bytes()).collect()
}
