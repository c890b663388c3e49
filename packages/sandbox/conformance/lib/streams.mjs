// exec and attach over WebSocket, byte by byte as the API server speaks.
import WebSocket from 'ws';

const v5 = 'v5.channel.k8s.io';

/**
 * Runs until the server closes. `input` is written to stdin, which is then closed (v5). Answers {protocol, stdout, stderr, status}: status is what
 * channel 3 says. Rejects with {status, text} of an answer that is no upgrade.
 */
export function exec(client, path, query, { protocols = [v5], input, ms = 20_000, onOpen } = {}) {
  const target = new URL(client.access.server.replace(/^http/, 'ws') + path);
  for (const [key, value] of Object.entries(query)) for (const each of [value].flat()) target.searchParams.append(key, String(each));
  const { ca, cert, key, token } = client.access;
  const headers = { ...client.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(target, protocols, { ca, cert, key, headers });
    const result = { stdout: '', stderr: '', status: undefined };
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error(`the stream did not end within ${ms} ms: ${JSON.stringify(result)}`));
    }, ms);
    socket.on('unexpected-response', async (_, response) => {
      clearTimeout(timer);
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      reject(Object.assign(new Error(`no upgrade: ${response.statusCode} ${text}`), { status: response.statusCode, text }));
    });
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.on('open', () => {
      result.protocol = socket.protocol;
      if (input !== undefined) {
        socket.send(Buffer.concat([Buffer.of(0), Buffer.from(input)]));
        if (socket.protocol === v5) socket.send(Buffer.of(255, 0));
      }
      onOpen?.(socket, result);
    });
    socket.on('message', (data) => {
      const text = data.subarray(1).toString();
      if (data[0] === 1) result.stdout += text;
      if (data[0] === 2) result.stderr += text;
      if (data[0] === 3) result.status = JSON.parse(text);
      result.changed?.();
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}
