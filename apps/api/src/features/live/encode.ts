import type { LiveItem, ServerMessage } from '@fairlead/shared';

const texts = new WeakMap<LiveItem, string>();

/** A message as text. A row is encoded once, however many readers it goes to: topics hand out the same object and do not change it afterwards. */
export function encode(message: ServerMessage): string {
  const { type } = message;
  if (type === 'snapshot') return frame(message, `"items":[${message.items.map(rowText).join(',')}],"total":${message.total}`);
  if (type === 'changes') {
    const changes = message.changes.map((change) =>
      'put' in change ? `{"put":${rowText(change.put)}}` : `{"remove":${JSON.stringify(change.remove)}}`,
    );
    return frame(message, `"changes":[${changes.join(',')}]`);
  }
  return JSON.stringify(message);
}

const frame = ({ type, id, at }: { type: string; id: string; at: string }, rest: string): string =>
  `{"type":"${type}","id":${JSON.stringify(id)},"at":${JSON.stringify(at)},${rest}}`;

function rowText(row: LiveItem): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = JSON.stringify(row);
    texts.set(row, text);
  }
  return text;
}
