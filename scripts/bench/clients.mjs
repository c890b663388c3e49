// The three sides that the benchmark talks to: Fairlead's REST, its live socket, and the cluster itself as its administrator.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import WebSocket from 'ws';
import { parse } from 'yaml';

/** REST as a signed-in person. `call` answers the body and throws on anything but 2xx. */
export async function signIn(origin, username, password) {
  let cookie = '';
  const call = async (method, path, body) => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { origin, ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    cookie = answer.headers.getSetCookie().map((each) => each.split(';')[0])[0] ?? cookie;
    return answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  };
  await call('POST', '/auth/sign-in', { username, password });
  return { call, cookie: () => cookie };
}

/** A live subscription. `onRow` gets every row of the snapshot and of the changes. Resolves once the snapshot is there. */
export function subscribe(origin, cookie, topic, params, onRow) {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/live`, { headers: { origin, cookie } });
  const beat = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('{"type":"ping"}'), 5000);
  const close = () => {
    clearInterval(beat);
    socket.terminate();
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`the live socket closed with ${code}`)));
    socket.once('open', () => {
      socket.send(JSON.stringify({ type: 'hello', version: 1 }));
      socket.send(JSON.stringify({ type: 'subscribe', id: 'bench', topic, params }));
    });
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'error') reject(new Error(`${topic}: ${message.code} ${message.message}`));
      if (message.type === 'snapshot') {
        for (const row of message.items) onRow(row);
        resolve({ close, rows: message.items.length });
      }
      if (message.type === 'changes') for (const change of message.changes) if (change.put) onRow(change.put);
    });
  });
}

/** Opens `each` live sockets for every cookie, says hello, and resolves with their end once all were welcomed. */
export async function openSockets(origin, cookies, each) {
  const sockets = [];
  for (const cookie of cookies)
    await Promise.all(
      Array.from({ length: each }, async () => {
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/v1/live`, { headers: { origin, cookie } });
        sockets.push(socket);
        await new Promise((resolve, reject) => {
          socket.once('error', reject);
          socket.once('open', () => socket.send(JSON.stringify({ type: 'hello', version: 1 })));
          socket.once('message', resolve);
        });
      }),
    );
  return () => {
    for (const socket of sockets) socket.terminate();
  };
}

/** The cluster of a kubeconfig with a client certificate, over kept-alive connections. */
export function clusterOf(kubeconfigFile) {
  const config = parse(readFileSync(kubeconfigFile, 'utf8'));
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster;
  const user = config.users[0].user;
  const decode = (text) => Buffer.from(text, 'base64');
  const agent = new https.Agent({
    keepAlive: true,
    maxSockets: 16,
    ca: decode(ca),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  });
  const call = (method, path, body, type = 'application/json') =>
    new Promise((resolve, reject) => {
      const request = https.request(`${server}${path}`, { method, agent, headers: body ? { 'content-type': type } : {} }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode < 300) resolve(answer.headers['content-type']?.includes('json') ? JSON.parse(text) : text);
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
        });
        answer.on('error', reject);
      });
      request.on('error', reject);
      request.end(body && JSON.stringify(body));
    });
  /** Calls with each line of a watch; answers, once it has begun, what ends it. */
  const follow = (path, onLine) =>
    new Promise((resolve, reject) => {
      let rest = '';
      const request = https.request(`${server}${path}`, { agent }, (answer) => {
        answer.on('error', () => {}); // it was ended
        answer.on('data', (piece) => {
          const lines = (rest + piece).split('\n');
          rest = lines.pop();
          for (const line of lines) onLine(line);
        });
        resolve(() => request.destroy());
      });
      request.on('error', reject);
      request.end();
    });
  return { server, call, follow, close: () => agent.destroy() };
}
