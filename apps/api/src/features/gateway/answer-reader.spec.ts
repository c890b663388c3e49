import { describe, expect, it } from 'vitest';
import { AnswerReader, BadAnswer } from './answer-reader.js';

/** Reads `text` in pieces of `size` bytes; what was told, and how it ended. */
function read(text: string, { size = text.length, isHead = false, close = false } = {}) {
  let code = 0;
  let headers: string[] = [];
  let body = '';
  let ends = 0;
  const reader = new AnswerReader(isHead, {
    head: (status, rawHeaders) => {
      code = status;
      headers = rawHeaders;
    },
    body: (bytes) => {
      body += bytes.toString('latin1');
    },
    end: () => ends++,
  });
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
  if (close) reader.closed();
  return { code, headers, body, whole: reader.whole && ends === 1, keepsAlive: reader.keepsAlive };
}

const head = (...lines: string[]) => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');
const chunked = head('Transfer-Encoding: chunked');

describe('an answer', () => {
  it.each([
    ['with a length', `${head('Content-Length: 5')}hello`, 'hello', true],
    ['in chunks', `${chunked}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`, 'hello', true],
    ['in chunks with extensions and trailers', `${chunked}5;a=b\r\nhello\r\n0\r\nImpersonate-User: x\r\n\r\n`, 'hello', true],
    ['of nothing', head('Content-Length: 0'), '', true],
    ['without content', 'HTTP/1.1 204 No Content\r\n\r\n', '', true],
    ['that was not changed, although it has a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', '', true],
    ['after an interim one', `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${head('Content-Length: 5')}hello`, 'hello', true],
    ['that ends the connection', `${head('Content-Length: 5', 'Connection: Close')}hello`, 'hello', false],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello', false],
    ['whose body holds a head', `${head('Content-Length: 19')}HTTP/1.1 200 OK\r\n\r\n`, 'HTTP/1.1 200 OK\r\n\r\n', true],
  ])('%s is read, however its bytes come', (_, text, body, keepsAlive) => {
    for (const size of [text.length, 7, 2, 1]) expect(read(text, { size })).toMatchObject({ body, whole: true, keepsAlive });
  });

  it('to HEAD has no body, whatever its length says', () => {
    expect(read(head('Content-Length: 5'), { isHead: true })).toMatchObject({ whole: true, keepsAlive: true, body: '' });
  });

  it('without a length ends with its connection', () => {
    expect(read(`${head()}hello`)).toMatchObject({ whole: false });
    expect(read(`${head()}hello`, { close: true })).toMatchObject({ whole: true, keepsAlive: false, body: 'hello' });
  });

  it('that breaks off is not whole', () => {
    for (const text of [`${head('Content-Length: 6')}hello`, `${chunked}5\r\nhello\r\n0\r\n`, 'HTTP/1.1 200 OK\r\n'])
      expect(read(text, { close: true })).toMatchObject({ whole: false });
  });

  it('keeps its headers as they came, repeats too', () => {
    expect(read(head('Warning: a', 'warning:  b ', 'X-É: \xe9', 'Content-Length: 0').replace('X-É', 'X-E')).headers).toEqual([
      ...['Warning', 'a', 'warning', 'b', 'X-E', '\xe9', 'Content-Length', '0'],
    ]);
  });

  it.each([
    ['a length and chunks', head('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['two lengths', head('Content-Length: 5', 'Content-Length: 5')],
    ['a list of lengths', head('Content-Length: 5, 5')],
    ['a negative length', head('Content-Length: -1')],
    ['a length in hex', head('Content-Length: 0x5')],
    ['another encoding', head('Transfer-Encoding: gzip, chunked')],
    ['chunks twice', head('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
    ['a folded line', head('X: a', ' b')],
    ['a space before the colon', head('Content-Length : 5')],
    ['no colon', head('Content-Length')],
    ['a bare LF in its head', 'HTTP/1.1 200 OK\r\nX: a\nContent-Length: 5\r\n\r\n'],
    ['a NUL in its head', head('X: a\0b')],
    ['another protocol', 'HTTP/2 200\r\n\r\n'],
    ['no status', 'HTTP/1.1 OK\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(40_000)}`],
    ['a chunk without size', `${chunked}\r\nhello`],
    ['a chunk with a sign', `${chunked}+5\r\nhello\r\n`],
    ['a chunk longer than it says', `${chunked}4\r\nhello\r\n0\r\n\r\n`],
    ['a bare LF after a size', `${chunked}5\nhello\r\n`],
    ['a size without end', `${chunked}5;${'a'.repeat(300)}`],
    ['trailers without end', `${chunked}0\r\n${'X: a\r\n'.repeat(3000)}`],
    ['more than itself', `${head('Content-Length: 5')}helloHTTP/1.1 200 OK\r\n`],
  ])('with %s is refused', (_, text) => {
    expect(() => read(text)).toThrow(BadAnswer);
  });
});
