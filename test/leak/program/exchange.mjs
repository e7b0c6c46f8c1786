// SPDX-License-Identifier: MIT
// An exchange with the server of the leak suite that goes on until it is ended, whatever carries it: at first the server tells
// whom it sees, then something is sent every few milliseconds, so that there is always something that could leak.

import { once } from 'node:events';

const pauseMs = 4;
/** Longer than an answer takes. */
const lingerMs = 20;
const filler = 'x'.repeat(200);

export class Exchange {
  /** What the server told; rejects where it never does. */
  told;
  /** The error that it ended with, if any. */
  ended;
  #destroy;
  #timer;

  /** @param begin is given `tell(text)` and `end(error)`, and returns `send(text)` and `destroy()` */
  constructor(begin) {
    let tell;
    let fail;
    this.told = new Promise((resolve, reject) => {
      tell = (text) => resolve(JSON.parse(text));
      fail = reject;
    });
    this.told.catch(() => {});
    this.ended = new Promise((resolve) => {
      const end = (error) => {
        clearInterval(this.#timer);
        fail(error ?? new Error('it ended before the server told anything'));
        resolve(error);
      };
      const { send, destroy } = begin({ tell, end });
      this.#destroy = destroy;
      this.told.then(
        () => {
          this.#timer = setInterval(() => send(filler), pauseMs);
        },
        () => {},
      );
    });
  }

  destroy() {
    clearInterval(this.#timer);
    this.#destroy();
  }
}

/** A first line, and what follows is not looked at. */
function firstLine(tell) {
  let text = '';
  return (chunk) => {
    if (text.includes('\n')) return;
    text += chunk;
    if (text.includes('\n')) tell(text.split('\n')[0]);
  };
}

/** Any duplex stream: sockets of TCP and TLS, streams of HTTP/2. */
export function overStream(stream) {
  return new Exchange(({ tell, end }) => {
    let error;
    stream.on('data', firstLine(tell));
    stream.on('error', (cause) => {
      error ??= cause;
    });
    stream.on('close', () => end(error));
    return { send: (text) => stream.write(text), destroy: () => stream.destroy() };
  });
}

/** A request of node:http, which is not ended yet. */
export function overRequest(request) {
  return new Exchange(({ tell, end }) => {
    let error;
    const onError = (cause) => {
      error ??= cause;
    };
    request.on('response', (response) => {
      response.on('data', firstLine(tell)).on('error', onError);
    });
    request.on('error', onError);
    request.on('close', () => end(error));
    request.flushHeaders();
    return { send: (text) => request.write(text), destroy: () => request.destroy() };
  });
}

/** A request of fetch; `ask` is given the options that make it a long one. */
export function overFetch(ask) {
  return new Exchange(({ tell, end }) => {
    const aborter = new AbortController();
    let controller;
    const body = new ReadableStream({
      start: (given) => {
        controller = given;
      },
    });
    controller.enqueue(new TextEncoder().encode('begin'));
    const read = async () => {
      const response = await ask({ method: 'POST', body, duplex: 'half', signal: aborter.signal });
      const onChunk = firstLine(tell);
      for await (const chunk of response.body) onChunk(Buffer.from(chunk).toString());
    };
    read().then(() => end(), end);
    return {
      send: (text) => {
        try {
          controller.enqueue(new TextEncoder().encode(text));
        } catch {
          // The request has ended, and says so itself.
        }
      },
      destroy: () => aborter.abort(),
    };
  });
}

/** A web socket of the package ws, or of the runtime. */
export function overWebSocket(socket) {
  return new Exchange(({ tell, end }) => {
    let error;
    let isTold = false;
    socket.addEventListener('message', ({ data }) => {
      if (!isTold) tell(String(data));
      isTold = true;
    });
    socket.addEventListener('error', (event) => {
      error ??= event.error ?? new Error(event.message);
      // That of the runtime is not closed when it has never been open.
      if (!isTold) end(error);
    });
    socket.addEventListener('close', () => end(error));
    return {
      send: (text) => socket.readyState === 1 && socket.send(text),
      destroy: () => (socket.terminate ? socket.terminate() : socket.close()),
    };
  });
}

/** Datagrams, sent by `send`, on a socket of Node's or of this package's. What cannot be sent now is sent later, or never. */
export function overDatagrams(socket, sendTo) {
  return new Exchange(({ tell, end }) => {
    let error;
    let isTold = false;
    socket.on('message', (data) => {
      isTold = true;
      tell(String(data));
    });
    const close = () => {
      try {
        socket.close();
      } catch {
        // Closed by its own error.
      }
    };
    socket.on('error', (cause) => {
      error ??= cause;
      close();
    });
    socket.on('close', () => end(error));
    const send = (text) => {
      try {
        Promise.resolve(sendTo(text)).catch((cause) => {
          if (!isTold) end(cause);
        });
      } catch (cause) {
        if (!isTold) end(cause);
      }
    };
    send('begin');
    // Answers that come later than the end would be told to be unwanted, by the kernel and by its own choice of link (trap F15).
    return { send, destroy: () => setTimeout(close, lingerMs) };
  });
}

/** What the server told in answer to a request of node:http. */
export async function answerTo(request) {
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text);
}
