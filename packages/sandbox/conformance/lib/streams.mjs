// exec and attach over WebSocket, byte by byte as the API server speaks.
import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import WebSocket from 'ws';

const v5 = 'v5.channel.k8s.io';

/**
 * Runs until the server closes. `input` is written to stdin, which is then closed (v5). Answers {protocol, stdout, stderr, status}: status is what
 * channel 3 says. Rejects with {status, text} of an answer that is no upgrade.
 */
export function exec(client, path, query, { protocols = [v5], input, ms = 20_000, onOpen } = {}) {
  return new Promise((resolve, reject) => {
    const socket = open(client, path, query, protocols);
    const result = { stdout: '', stderr: '', status: undefined };
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error(`the stream did not end within ${ms} ms: ${JSON.stringify(result)}`));
    }, ms);
    refused(socket, (error) => {
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

/**
 * What a server that only speaks says, until it closes or `enough(messages)`. Answers {protocol, messages, code}: a text message is a string, a binary
 * one a Buffer. Rejects as exec does.
 */
export function listen(client, path, query, { protocols = [], enough = () => false, ms = 20_000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = open(client, path, query, protocols);
    const messages = [];
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error(`not enough was said within ${ms} ms: ${JSON.stringify(messages.map(String))}`));
    }, ms);
    refused(socket, (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.on('message', (data, isBinary) => {
      messages.push(isBinary ? data : data.toString());
      if (enough(messages)) socket.close();
    });
    socket.on('close', (code) => {
      clearTimeout(timer);
      resolve({ protocol: socket.protocol, messages, code });
    });
  });
}

/** The answer to an upgrade that offers no subprotocol: {status, headers}. What follows is not read. */
export function unnamed(client, path, query) {
  const { server, ca, cert, key, token } = client.access;
  const headers = {
    ...client.headers,
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  };
  return new Promise((resolve, reject) => {
    const sent = request(address(server, path, query), { method: 'GET', ca, cert, key, headers, agent: false });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    sent.on('response', (response) => {
      response.destroy();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    sent.on('error', reject).end();
  });
}

function address(server, path, query) {
  const target = new URL(server + path);
  for (const [key, value] of Object.entries(query)) for (const each of [value].flat()) target.searchParams.append(key, String(each));
  return target;
}

function open(client, path, query, protocols) {
  const { server, ca, cert, key, token } = client.access;
  const target = address(server.replace(/^http/, 'ws'), path, query);
  const headers = { ...client.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return new WebSocket(target, protocols, { ca, cert, key, headers });
}

function refused(socket, reject) {
  socket.on('unexpected-response', async (_, response) => {
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    reject(Object.assign(new Error(`no upgrade: ${response.statusCode} ${text}`), { status: response.statusCode, text }));
  });
  socket.on('error', reject);
}
