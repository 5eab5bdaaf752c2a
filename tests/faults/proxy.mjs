// SPDX-License-Identifier: Apache-2.0
// A relay to a server on this machine whose connections can be cut, held up, or let through again.
import { connect, createServer } from 'node:net';

/**
 * Answers {port, passed, limit, cut(how), hold(), release(), close()}: `passed` counts the bytes sent
 * to the server, beyond `limit` of them all connections are cut. `cut('end')` hangs up in order,
 * `cut('reset')` as a router would that knows of nothing; new connections are let through. While
 * held, nothing passes and nobody hangs up.
 */
export function startProxy(port) {
    const pairs = new Set();
    const own = { limit: Infinity, passed: 0 };
    let held = false;
    const flow = (pair) => pair.forEach((socket) => (held ? socket.pause() : socket.resume()));
    const pass = (from, to) => {
        from.on('data', (bytes) => {
            if (!to.write(bytes)) {
                from.pause();
                to.once('drain', () => held || from.resume());
            }
        });
    };
    const listener = createServer((client) => {
        const upstream = connect(port, '127.0.0.1');
        const pair = [client, upstream];
        pairs.add(pair);
        client.on('data', (bytes) => {
            own.passed += bytes.length;
            if (own.passed > own.limit) {
                own.cut('reset');
            }
        });
        pass(client, upstream);
        pass(upstream, client);
        flow(pair);
        for (const socket of pair) {
            socket.setNoDelay(true);
            socket.on('error', () => {});
            socket.on('close', () => {
                pairs.delete(pair);
                pair.forEach((one) => one.destroy());
            });
        }
    });
    own.cut = (how = 'reset') => {
        for (const pair of pairs) {
            pair.forEach((socket) => (how === 'reset' ? socket.resetAndDestroy() : socket.destroy()));
        }
    };
    own.hold = () => {
        held = true;
        pairs.forEach(flow);
    };
    own.release = () => {
        held = false;
        pairs.forEach(flow);
    };
    own.close = () => {
        own.cut();
        listener.close();
    };
    return new Promise((resolve) => listener.listen(0, '127.0.0.1', () => {
        own.port = listener.address().port;
        listener.unref();
        resolve(own);
    }));
}
