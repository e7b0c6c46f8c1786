// SPDX-License-Identifier: MIT
// Ways to lead traffic past a path that are no transport's ordinary use. Each resolves to what the server told, or fails.

export const attacks = {};
