/** Settings of a run; every key is optional. A value out of range or an unknown key is an error that says what is accepted. */
export interface Config {
  /** Default "fashion-mnist-10x10"; with data of your own always "own". */
  dataset?: 'fashion-mnist-10x10' | 'fashion-mnist-10x10-large' | 'fashion-mnist-28x28' | 'own';
  /** Labels used, in this order: at least 2, each once. Default: all. */
  classes?: number[] | null;
  /** First n training points of each class, 1 to 1000. Default 100. With data of your own everything is used. */
  perClass?: number;
  /** How many of the first classes keep all their points while the others get fewer; 0, the default, treats all alike. */
  majorityClasses?: number;
  /** How many times fewer points the other classes get, 1 to 1000; at least one each. Default 1. */
  imbalance?: number;
  /** Repeats minority points up to `perClass` in each epoch. Default false. */
  oversample?: boolean;
  /** Share of each class's training points that get another label at random, 0 to 0.9. Default 0. */
  labelNoise?: number;
  /** Widths of the hidden layers. Default seven of 100. */
  hidden?: number[];
  /** Default "relu". */
  activation?: 'relu' | 'leaky-relu' | 'tanh' | 'identity';
  /** Slope of "leaky-relu" below 0, 0 to 1. Default 0.01. */
  negativeSlope?: number;
  /** Between linear map and activation. Default "batch". */
  normalization?: 'batch' | 'layer' | 'none';
  /** "torch", the default: uniform as nn.Linear does it; "he": normal of variance 2 / fan_in, biases 0. */
  init?: 'torch' | 'he';
  /** Layers in a residual block, 2 or 3: behind a first hidden layer, all of one width. Default 0, no blocks. */
  residualBlock?: 0 | 2 | 3;
  /** Stretches of training with their own epochs and schedule; of the linear layers, counted from 0, only first .. last learn. Default: one. */
  phases?: { epochs: number; schedule: 'thirds' | 'constant'; train: [first: number, last: number] }[] | null;
  /** Default "adam". */
  optimizer?: 'sgd' | 'momentum' | 'adam';
  /** 0.00001 to 10. Default 0.001. */
  learningRate?: number;
  /** Of "momentum", 0 to 0.999. Default 0.9. */
  momentum?: number;
  /** L2 penalty on every parameter, added to the gradient, 0 to 1. Default 0.0005. */
  weightDecay?: number;
  /** Default 128. The last batch of an epoch is what is left; one of a single point joins the batch before. */
  batchSize?: number;
  /** 1 to 100000. Default 600. */
  epochs?: number;
  /** "thirds", the default: the rate is divided by 10 after each third of the epochs. */
  schedule?: 'thirds' | 'constant';
  /** 0 to 2^32 - 1. Default 666. The same seed gives the same digits on every machine. */
  seed?: number;
  /** Default "batches-of-100". */
  measure?: BatchNormMode;
  /** "standard", the default: epochs 0 to 10, to 30 by 2, to 100 by 5, to 200 by 10, then by 20; "every-step": also each step of the first two;
   * "ends": the start and the end alone. */
  records?: 'standard' | 'every-step' | 'ends';
  /**
   * Default "auto": the GPU if the browser has one that is faster for this network, else the CPU. "webgpu" is refused where there is no
   * WebGPU, or the network does not fit. A GPU that fails while it trains hands over to the CPU, which goes on from at most 2 s before.
   */
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
  /** Number of classes, 2 to 65535. */
  classes: number;
  /** Features of a point. */
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
  /** Rank of the between-class scatter by layer; 0 where D is undefined. */
  rank: number[];
  /** null with fewer than 3 usable layers. */
  law: Law | null;
}

/** Neural collapse at the last hidden layer (Papyan, Han & Donoho 2020). */
export interface NeuralCollapse {
  /** Tr(Sw Sb^+), not divided by the number of classes; Sb is that of the class means around their mean, over the classes. */
  nc1: number;
  /**
   * Of the class means around their mean and of the classifier's rows: standard deviation over mean of the lengths, and mean over pairs of
   * |cos + 1/(K-1)|.
   */
  nc2: { equinormMeans: number; equinormClassifiers: number; angleMeans: number; angleClassifiers: number };
  /** Squared Frobenius distance of the classifier and the class means around their mean, each divided by its norm. */
  nc3: number;
  /** Share of points for which the network's choice is not the nearest class mean. */
  nc4: number;
  /** Share of points nearest to their own class's mean. */
  nccAccuracy: number;
}

/** Neural collapse of a network, with running statistics. The curves are by layer, the input first; null where they are undefined. */
export interface Collapse {
  last: NeuralCollapse;
  nc1: (number | null)[];
  /** Of the class means. */
  equinorm: (number | null)[];
  /** Of the class means. */
  angles: (number | null)[];
  nccAccuracy: (number | null)[];
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
  /** Of the training points; null where it is undefined at the last hidden layer. */
  collapse: Collapse | null;
  /** null without majority classes. */
  minority: Minority | null;
}

/** Minority Collapse (Fang, He, Long & Su 2021): what a network makes of its minority classes, those behind the first `majorityClasses`. */
export interface Minority {
  /** Mean cosine between two of their classifier's rows: 1 where they have collapsed; null with fewer than two of them, or where one is 0. */
  cosine: number | null;
  /** Quadratic mean of the lengths of these rows over that of all; null where all are 0. */
  norm: number | null;
  /** Share of their test points classified as labelled; null without such points. */
  accuracy: number | null;
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
  /** The engine that runs; it changes if a GPU fails. */
  readonly engine: 'cpu' | 'webgpu';
  /**
   * Adds `epochs` epochs; without a number, trains up to the config's. Past those the last learning rate stays.
   * An abort rejects with `signal.reason` after the current epoch and keeps the state.
   * @throws if it is training already, or the loss is no longer finite.
   */
  train(epochs?: number, options?: { onRecord?: (record: RunRecord) => void; signal?: AbortSignal }): Promise<Evaluation>;
  /**
   * The separation now. `mode` is the config's by default, for "test" it is "running". `collapse` is null but for "running", and where it is
   * undefined at the last hidden layer.
   * @throws while it is training.
   */
  measure(options?: { mode?: BatchNormMode; split?: 'train' | 'test' }): Promise<Split & { collapse: Collapse | null }>;
  /** The run as bytes. @throws while it is training. */
  save(): Promise<Uint8Array>;
  /** Gives its memory back. */
  free(): void;
}

/** Separation fuzziness D = Tr(SSw SSb^+) of features [n x dim], row-major (He & Su 2023, Eq. 1). @throws where it is undefined. */
export function separationFuzziness(
  features: Float32Array | Float64Array, dim: number, labels: Uint8Array | Uint16Array | Int32Array,
): { total: number; perClass: (number | null)[]; rank: number };

/**
 * Neural collapse of features [n x dim], row-major, at the last hidden layer, with the classifier behind it: weight [K x dim], row-major,
 * and bias [K]. @throws where it is undefined, and names the class.
 */
export function neuralCollapse(
  features: Float32Array | Float64Array, dim: number, labels: Uint8Array | Uint16Array | Int32Array,
  weight: Float32Array | Float64Array, bias: Float32Array | Float64Array,
): NeuralCollapse;

/** The law's fit to D by layer; null with fewer than 3 usable layers. */
export function fitLaw(fuzziness: (number | null)[] | Float64Array): Law | null;

/** What a layer of any network makes of n points: features [n x dim], row-major. */
export interface LayerFeatures {
  dim: number;
  features: Float32Array | Float64Array;
}

/** What is found in a layer; null where it is undefined. */
export interface LayerMeasures {
  /** Features of a point. */
  columns: number;
  /** Separation fuzziness D. */
  fuzziness: number | null;
  /** D of each class. */
  perClass: (number | null)[];
  /** Rank of the between-class scatter; 0 where D is undefined. */
  rank: number;
  nc1: number | null;
  /** Of the class means. */
  equinorm: number | null;
  /** Of the class means. */
  angles: number | null;
  /** Share of points nearest to their own class's mean. */
  nccAccuracy: number | null;
  /** Why something is undefined. */
  undefined: string | null;
}

/** What is found in the layers of a network. */
export interface Analysis {
  /** Number of points. */
  points: number;
  /** The label of each class, ascending; what is by class has this order. */
  classes: number[];
  /** Number of points of each class. */
  counts: number[];
  layers: ({ name: string } & LayerMeasures)[];
  /** The fit over all layers; null with fewer than 3 usable ones. */
  law: Law | null;
  /** The fit over the first layer and `options.blocks`, which it counts 0, 1, 2 and so on; only where blocks were given. */
  blockLaw?: Law | null;
}

/**
 * Separation and neural collapse of each layer of any network, and the law over them. `layers` are a list, a Map or an object, in the order
 * of the network, the input first; those of a list are called by their `name`, or their index. (JavaScript puts an object's keys that are
 * whole numbers first.) `labels` are any integers, one a point. A
 * layer of which a measure is undefined does not end it. `blocks` are the layers that are outputs of blocks, such as those of a residual
 * network, by index. One layer at a time is copied; between pieces of work of some milliseconds the event loop has its turn.
 * @throws if labels or a layer do not fit, with the layer's name. An abort rejects with `signal.reason`.
 */
export function analyze(
  layers: (LayerFeatures & { name?: string })[] | Map<string, LayerFeatures> | { [name: string]: LayerFeatures },
  labels: Uint8Array | Uint16Array | Int32Array,
  options?: { blocks?: number[]; onProgress?: (progress: { layer: number; layers: number; done: number }) => void; signal?: AbortSignal },
): Promise<Analysis>;

/** The optimum of a layer-peeled model. */
export interface LayerPeeled {
  /** Mean cross-entropy in nats, class k weighted by its share of the points. */
  loss: number;
  /** Cosine between any two majority classifiers; null with fewer than two, or where they are zero. */
  cosMajority: number | null;
  /** Cosine between any two minority classifiers; null with fewer than two, or where they are zero. Exactly 1 once they have collapsed. */
  cosMinority: number | null;
  /** Cosine between a majority and a minority classifier; null where there is no such pair, or one is zero. */
  cosBetween: number | null;
  /** Norm of each class's classifier. */
  normsW: number[];
  /** Norm of each class's feature vector. */
  normsH: number[];
  /** | W/|W| - H/|H| |^2 in Frobenius norms: 0 where each feature vector is parallel to its classifier. */
  duality: number;
  /** Classifiers [classes x p], row-major. */
  W: Float64Array;
  /** Feature vectors [classes x p], row-major. */
  H: Float64Array;
}

/**
 * The global optimum of the layer-peeled model (Fang, He, Long & Su 2021): free feature vectors and classifiers, one of each a class, of
 * mean squared norms `energyFeatures` and `energyClassifiers`, 0.001 to 10000. Of 2 to 1000 `classes`, the first `majority` ones have
 * `imbalance` times more points than the others, 1 to 1000000. `p` is the dimension of the vectors, `classes` to 2000, by default twice
 * the classes; another p changes nothing but the zeros at their ends.
 * @throws if a setting is missing or out of its range.
 */
export function layerPeeled(settings: {
  classes: number; majority: number; imbalance: number; energyFeatures: number; energyClassifiers: number; p?: number;
}): LayerPeeled;

/**
 * The same model at 41 imbalances from 1 to 10000, evenly spaced in their logarithm: what becomes of the minority classes. `cosMinority` is
 * the cosine between two of their classifiers, null with fewer than two or where they are zero; `normMinority` their length, null without
 * minority classes; `threshold` the least imbalance up to 10000 at which they are one and the same or zero, null if there is none.
 * @throws if a setting is missing or out of its range.
 */
export function layerPeeledSweep(settings: {
  classes: number; majority: number; energyFeatures: number; energyClassifiers: number; p?: number;
}): { threshold: number | null; points: { imbalance: number; cosMinority: number | null; normMinority: number | null }[] };

/** The package's version, as its package.json has it: what changes from one to the next stands in CHANGELOG.md. */
export function version(): string;

/** The configs of the figures. */
export function presets(): { id: string; title: string; description: string; config: Config }[];
