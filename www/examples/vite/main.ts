import init, { Experiment, type Config, type RunRecord } from 'separation-playground';

const [form, line, output] = [document.querySelector('form')!, document.querySelector('polyline')!, document.querySelector('output')!];
const field = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).valueAsNumber;

/** ln D over the layers, a unit each; up is more. */
function draw({ train }: RunRecord) {
  line.setAttribute('points', train.fuzziness.flatMap((d, layer) => (d === null ? [] : [`${layer},${-Math.log(d)}`])).join(' '));
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const config: Config = { hidden: Array<number>(field('layers')).fill(100), epochs: field('epochs') };
  output.value = 'Training';
  try {
    await init();
    const experiment = await Experiment.create(config); // on the images that come with the package
    const { epoch, trainAccuracy } = await experiment.train(undefined, { onRecord: draw });
    const { law } = await experiment.measure();
    output.value = `Epoch ${epoch}, training accuracy ${trainAccuracy}: ${law ? `each layer keeps ${law.rho.toFixed(3)} of D, r ${law.pearson.toFixed(4)}` : 'too few layers for a line'}`;
    experiment.free();
  } catch (error) {
    output.value = (error as Error).message;
  }
});
