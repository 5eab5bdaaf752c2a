// SPDX-License-Identifier: Apache-2.0
// Small file systems, which only root can make.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../lib/servers.mjs';

const mounted = new Set();
process.prependListener('exit', () => mounted.forEach((disk) => disk.remove()));

/**
 * A file system of so many megabytes, in `folder` or a new one: {folder, grow(megabytes), fill(),
 * empty(), remove()}; null where none can be mounted. `fill` takes all the room that is left, but for
 * `spare` bytes, until `empty`.
 */
export function smallDisk(megabytes, folder = join(tempDir(), 'disk')) {
    mkdirSync(folder, { recursive: true });
    const mount = (options) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0;
    if (process.getuid() !== 0 || !mount(`size=${megabytes}m,mode=755`)) {
        return null;
    }
    const filler = join(folder, 'filler');
    const disk = {
        folder,
        grow: (now) => mount(`remount,size=${now}m`),
        fill: () => {
            for (let block = 1 << 20; block >= 512; block /= 2) {
                try {
                    for (;;) {
                        writeFileSync(filler, Buffer.alloc(block), { flag: 'a' });
                    }
                } catch (error) {
                    if (error.code !== 'ENOSPC') {
                        throw error;
                    }
                }
            }
        },
        empty: () => rmSync(filler, { force: true }),
        remove: () => mounted.delete(disk) && spawnSync('umount', ['-l', folder]),
    };
    mounted.add(disk);
    return disk;
}

export const noDisk = 'no small file system can be mounted here';
