/** Settings of a run; every key is optional. A value out of range or an unknown key is an error that says what is accepted. */
export interface Config {
  /** Default "fashion-mnist-10x10"; with data of your own always "own". */
  dataset?: 'fashion-mnist-10x10' | 'fashion-mnist-10x10-large' | 'fashion-mnist-28x28' | 'own';
  /** Labels used, in this order. Default: all. */
  classes?: number[] | null;
  /** First n training points of each class. Default 100. With data of your own everything is used. */
  perClass?: number;
  majorityClasses?: number;
  imbalance?: number;
  oversample?: boolean;
  labelNoise?: number;
  /** Widths of the hidden layers. Default seven of 100. */
  hidden?: number[];
  activation?: 'relu' | 'leaky-relu' | 'tanh' | 'identity';
  negativeSlope?: number;
  normalization?: 'batch' | 'layer' | 'none';
  init?: 'torch' | 'he';
  residualBlock?: number;
  phases?: { epochs: number; schedule: 'thirds' | 'constant'; train: [first: number, last: number] }[] | null;
  optimizer?: 'sgd' | 'momentum' | 'adam';
  learningRate?: number;
  momentum?: number;
  weightDecay?: number;
  batchSize?: number;
  epochs?: number;
  schedule?: 'thirds' | 'constant';
  seed?: number;
  measure?: BatchNormMode;
  records?: 'standard' | 'every-step';
  engine?: 'auto' | 'cpu' | 'webgpu';
}

/** How batch normalisation takes its statistics when the separation is measured. */
export type BatchNormMode = 'batches-of-100' | 'running';

/** Labelled points: features [n x dim], row-major, and n labels 0 .. classes - 1. */
export interface Points {
  features: Float32Array | Float64Array;
  labels: Uint8Array | Uint16Array | Int32Array;
}

/** Data of your own. */
export interface Data {
  classes: number;
  dim: number;
  train: Points;
  test?: Points;
}

/** The fit of ln D on the layers. */
export interface Law {
  /** The share of D that each layer keeps. */
  rho: number;
  /** Correlation of the layer and ln D; alone it is no evidence. */
  pearson: number;
  rSquared: number;
  /** ln D of the fitted line at layer 0. */
  intercept: number;
  /** Layers that halve D; null if rho >= 1. */
  halfLife: number | null;
  /** The layers that the fit used. */
  layers: number[];
}

/** The separation of one set of points; layer 0 is the input. */
export interface Split {
  mode: BatchNormMode;
  /** D by layer; null where it is undefined. */
  fuzziness: (number | null)[];
  /** D of each class, [layer][class]. */
  perClass: (number | null)[][];
  /** Rank of the between-class scatter by layer. */
  rank: number[];
  /** null with fewer than 3 usable layers. */
  law: Law | null;
}

/** The state of a run at a moment. */
export interface RunRecord {
  epoch: number;
  /** Mean cross-entropy over the training points in evaluation mode, in nats. */
  loss: number;
  learningRate: number;
  trainAccuracy: number;
  testAccuracy: number | null;
  /** Training points, measured the config's way. */
  train: Split;
  /** Training points, with running statistics. */
  trainRunning: Split;
  /** Test points around their own class means, with running statistics. */
  test: Split | null;
}

export interface Evaluation {
  epoch: number;
  loss: number;
  trainAccuracy: number;
  testAccuracy: number | null;
}

/** One network in training, in the calling thread: it yields to the event loop at least every 8 ms and starts no worker. */
export class Experiment {
  private constructor();
  /**
   * Without `data` the bundled subset of `config.dataset` is fetched, from `data/` beside the module or from `dataUrl`.
   * @throws if config or data are not accepted, or the subset cannot be fetched.
   */
  static create(config?: Config, data?: Data, options?: { dataUrl?: string }): Promise<Experiment>;
  /**
   * A run that `save` wrote, ready to go on as if nothing had happened; a run on data of your own needs them again.
   * @throws if the bytes are not a run, or do not fit the data.
   */
  static load(bytes: Uint8Array, data?: Data, options?: { dataUrl?: string }): Promise<Experiment>;
  /** The engine that runs. */
  readonly engine: 'cpu' | 'webgpu';
  /**
   * Adds `epochs` epochs; without a number, trains up to the config's. Past those the last learning rate stays.
   * An abort rejects with `signal.reason` after the current epoch and keeps the state.
   * @throws if it is training already, or the loss is no longer finite.
   */
  train(epochs?: number, options?: { onRecord?: (record: RunRecord) => void; signal?: AbortSignal }): Promise<Evaluation>;
  /** The separation now. `mode` is the config's by default, for "test" it is "running". @throws while it is training. */
  measure(options?: { mode?: BatchNormMode; split?: 'train' | 'test' }): Promise<Split>;
  /** The run as bytes. @throws while it is training. */
  save(): Promise<Uint8Array>;
  /** Gives its memory back. */
  free(): void;
}

/** Separation fuzziness D = Tr(SSw SSb^+) of features [n x dim], row-major (He & Su 2023, Eq. 1). @throws where it is undefined. */
export function separationFuzziness(
  features: Float32Array | Float64Array, dim: number, labels: Uint8Array | Uint16Array | Int32Array,
): { total: number; perClass: (number | null)[]; rank: number };

/** The law's fit to D by layer; null with fewer than 3 usable layers. */
export function fitLaw(fuzziness: (number | null)[] | Float64Array): Law | null;

/** The configs of the figures. */
export function presets(): { id: string; title: string; description: string; config: Config }[];
