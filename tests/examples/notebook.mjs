// What the cells of a notebook of www/examples show. Jupyter is not needed: a cell's last expression is what it shows.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What of Jupyter and of NumPy the cells need: what is shown is written down, and an .npz file's arrays are float32 and int64. */
const CELLS = `
import array, ast, json, math, sys, types, zipfile
class IFrame:
    def __init__(self, src, width, height): self.shown = dict(url=src, width=width, height=height)
class HTML:
    def __init__(self, html): self.shown = html
class Array:
    def __init__(self, numbers): self.numbers = numbers
    def astype(self, dtype): return Array(array.array({'<f4': 'f', '<i4': 'i'}[dtype], self.numbers))
    def tobytes(self): return self.numbers.tobytes()
def load(path):
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            bytes = file.read(name)
            start = 10 + int.from_bytes(bytes[8:10], 'little')
            header = ast.literal_eval(bytes[10:start].decode())
            yield name[:-4], Array(array.array({'<f4': 'f', '<i8': 'q'}[header['descr']], bytes[start:]))
def module(name, **names): sys.modules[name] = types.ModuleType(name); vars(sys.modules[name]).update(names)
module('IPython'); module('IPython.display', IFrame=IFrame, HTML=HTML); module('numpy', load=load)
names, shown = {}, []
for cell in json.load(open(sys.argv[1], encoding='utf-8'))['cells']:
    if cell['cell_type'] != 'code': continue
    body = ast.parse(''.join(cell['source'])).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), 'cell', 'exec'), names)
    if last: shown.append(eval(compile(ast.Expression(last.value), 'cell', 'eval'), names).shown)
print(json.dumps(shown))
`;

/** What the cells of a notebook show when it runs in `folder`: addresses with sizes, and HTML; nothing where there is no Python. */
export function shown(name, t, folder = '.') {
  const notebook = fileURLToPath(new URL(`../../www/examples/${name}`, import.meta.url));
  const python = spawnSync('python3', ['-c', CELLS, notebook], { cwd: folder, encoding: 'utf8' });
  if (python.error?.code === 'ENOENT') return void t.skip('there is no Python to run the cells');
  assert.equal(python.status, 0, python.stderr);
  return JSON.parse(python.stdout);
}
