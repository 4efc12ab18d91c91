// Where the bundled subsets lie in the npm package. Every address stands here in full: that is how bundlers find the files to take along.
const FILES = {
  'fashion-mnist-10x10/train-images-idx3-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10/train-images-idx3-ubyte.gz', import.meta.url),
  'fashion-mnist-10x10/train-labels-idx1-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10/train-labels-idx1-ubyte.gz', import.meta.url),
  'fashion-mnist-10x10/test-images-idx3-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10/test-images-idx3-ubyte.gz', import.meta.url),
  'fashion-mnist-10x10/test-labels-idx1-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10/test-labels-idx1-ubyte.gz', import.meta.url),
  'fashion-mnist-10x10-large/train-images-idx3-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10-large/train-images-idx3-ubyte.gz', import.meta.url),
  'fashion-mnist-10x10-large/train-labels-idx1-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10-large/train-labels-idx1-ubyte.gz', import.meta.url),
  'fashion-mnist-10x10-large/test-images-idx3-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10-large/test-images-idx3-ubyte.gz', import.meta.url),
  'fashion-mnist-10x10-large/test-labels-idx1-ubyte.gz': () => new URL('../../../../data/fashion-mnist-10x10-large/test-labels-idx1-ubyte.gz', import.meta.url),
  'fashion-mnist-28x28/train-images-idx3-ubyte.gz': () => new URL('../../../../data/fashion-mnist-28x28/train-images-idx3-ubyte.gz', import.meta.url),
  'fashion-mnist-28x28/train-labels-idx1-ubyte.gz': () => new URL('../../../../data/fashion-mnist-28x28/train-labels-idx1-ubyte.gz', import.meta.url),
  'fashion-mnist-28x28/test-images-idx3-ubyte.gz': () => new URL('../../../../data/fashion-mnist-28x28/test-images-idx3-ubyte.gz', import.meta.url),
  'fashion-mnist-28x28/test-labels-idx1-ubyte.gz': () => new URL('../../../../data/fashion-mnist-28x28/test-labels-idx1-ubyte.gz', import.meta.url),
};

/** The address of a bundled file. */
export const bundledUrl = (file) => FILES[file]().href;
