/**
 * What an embed of the page and its host, the page that shows it in an iframe, write to each other with `postMessage`. Version 1.
 *
 * A command counts only if the host's window posts it (`event.source === window.parent`), from any origin: whoever embeds a figure may
 * drive it. Events and answers go to the host, of any origin (`targetOrigin` "*"): they hold nothing but what the embed's link and the
 * host's commands have led to, and an embed opens no files of the reader's. A host checks `event.source` against its iframe's
 * `contentWindow`. An answer carries the `id` of its command; a command without one is not answered, unless it is refused. A message without
 * `separationPlayground` is let be; one with it that is wrong is answered with `failed`, and changes nothing.
 *
 * Commands that come while the page loads wait for it. Beside these, reveal.js's own strings "slide:start" and "slide:stop" let a run go
 * on and wait; after the first of them keys are passed on in reveal.js's words, so that a deck needs no script for them.
 */
import type { Config, RunRecord } from './separation_playground';

interface Letter {
  separationPlayground: 1;
  id?: string | number;
}

/** From the host to the embed. */
export type Command = Letter & (
  /**
   * Keys and values of a link: settings, `preset`, `axis`, `layer`, `means`, `theme`, `hide`, `peeledImbalance` and so on; numbers, flags and
   * lists as they are, or as text. Others stay as they are. All of them count, or none. Where they ask for another run, that one takes the
   * place of the run at once, and stands at its start.
   */
  | { type: 'configure'; settings: Record<string, string | number | boolean | (string | number)[]> }
  /** Trains on, once the figure is seen; from the start again where the run is over. */
  | { type: 'train' }
  | { type: 'pause' }
  /** Trains to the end of the epoch, and measures. */
  | { type: 'step' }
  /** Back to the start of the same run. */
  | { type: 'reset' }
  /** Shows the record nearest to an epoch; null, or nothing, shows the run as it stands. */
  | { type: 'seek'; epoch?: number | null }
  /** Is answered with the state, as every command but `exportPicture` that has an id is. */
  | { type: 'getState' }
  /** Is answered with a picture of the figure that is shown, or of the one that is named. */
  | { type: 'exportPicture'; format: 'svg' | 'png'; figure?: Figure }
);

export type Figure = 'decay' | 'simplex' | 'cosines' | 'loss' | 'emergence' | 'collapse' | 'layer-peeled' | 'minority';

/** From the embed to the host. */
export type Event = Letter & (
  /** There is something to see. Comes once. */
  | { type: 'ready'; state: State }
  /** The run was measured. */
  | { type: 'record'; record: RunRecord }
  /** It stopped before its end, also because nobody sees it: then `state.going` is true. */
  | { type: 'paused'; state: State }
  /** All its epochs are trained. */
  | { type: 'finished'; state: State }
  /** The answer to a command. */
  | { type: 'state'; state: State }
  /** The answer to `exportPicture`: a text, or the bytes of a file with two pixels to a CSS px. */
  | { type: 'picture'; figure: Figure; svg?: string; png?: Uint8Array }
  /** With an id: why a command was refused. Without: why the run could not be made, or cannot go on. */
  | { type: 'failed'; message: string }
  /** A key that nothing in the embed has a use for, with the fields of its KeyboardEvent. */
  | { type: 'key'; key: string; code: string; keyCode: number; shiftKey: boolean }
);

/** How an embed stands. */
export interface State {
  embed: 'decay' | 'simplex' | 'loss' | 'layer-peeled' | 'all';
  /** The query of a link that shows the same. */
  link: string;
  stage: 'loading' | 'ready' | 'training' | 'paused' | 'finished' | 'failed';
  /** Whether the run is to be trained: it trains, or waits to be seen. */
  going: boolean;
  /** Whether the recorded run is shown, not one of this page. */
  recorded: boolean;
  /** Epochs trained, and those asked for. */
  epoch: number;
  epochs: number;
  /** Empty before there is a run. */
  engine: 'cpu' | 'webgpu' | '';
  /** The settings. */
  config: Config;
  /** The record that is shown. */
  record: RunRecord | null;
}
