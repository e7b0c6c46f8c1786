// SPDX-License-Identifier: MIT
// When additional information is fetched: on a clock and with a chance of the test's own.

import { describe, expect, it } from 'vitest';
import { FetchSchedule, type Wish } from '../../../../lib/source/information/schedule.ts';
import { Random } from '../../../lab/random.ts';

const wish = (id: string, fields: Partial<Wish> = {}): Wish => ({ id, sequence: 1, delay: 0, ...fields });
const idsOf = (wishes: readonly Wish[]) => wishes.map(({ id }) => id);

describe('the schedule of additional information', () => {
  it('schedule: waits uniformly up to 2^(10+Delay) ms (PVD-74)', () => {
    for (const [delay, longestMs] of [
      [0, 1024],
      [1, 2048],
      [15, 2 ** 25],
    ] as const) {
      const moments = Array.from({ length: 1000 }, (_, at) => {
        const schedule = new FetchSchedule(() => at / 1000);
        schedule.follow([wish('a', { delay })], 5_000);
        return schedule.nextDeadline! - 5_000;
      });
      expect(moments[0]).toBe(0);
      expect(moments[500]).toBe(longestMs / 2);
      expect(Math.max(...moments)).toBeLessThan(longestMs);
    }
  });

  it('schedule: another sequence number is fetched again after the delay, and ten seconds at least (PVD-73, PVD-74, PVD-76)', () => {
    const schedule = new FetchSchedule(() => 0.5);
    schedule.follow([wish('a')], 0);
    expect(idsOf(schedule.begin(511))).toEqual([]);
    expect(idsOf(schedule.begin(512))).toEqual(['a']);
    schedule.succeeded('a', 1_000_000, 600);
    expect(schedule.follow([wish('a', { sequence: 2, delay: 1 })], 2_000)).toEqual(['a']);
    expect(schedule.nextDeadline).toBe(10_512);
    expect(idsOf(schedule.begin(10_511))).toEqual([]);
    expect(schedule.begin(10_512)).toEqual([wish('a', { sequence: 2, delay: 1 })]);
    expect(schedule.nextDeadline).toBeUndefined();
  });

  it('schedule: what holds is fetched again in the second half of its time (PVD-75)', () => {
    for (const chance of [0, 0.25, 0.999]) {
      const schedule = new FetchSchedule(() => chance);
      schedule.follow([wish('a')], 0);
      schedule.begin(2_000);
      schedule.succeeded('a', 102_000, 2_000);
      expect(schedule.nextDeadline).toBeCloseTo(52_000 + 50_000 * chance);
    }
  });

  it('schedule: five requests in ten seconds, whatever routers say (PVD-76, SEC-06)', () => {
    const random = new Random(76);
    const schedule = new FetchSchedule(() => random.below(1000) / 1000);
    const begun: { id: string; at: number }[] = [];
    let sequence = 0;
    for (let now = 0; now < 200_000; now += 250) {
      // A hostile router that changes everything all the time.
      const wishes = Array.from({ length: 20 }, (_, at) => wish(`d${at}`, { sequence: ++sequence % 65_536 }));
      if (random.below(4) === 0) schedule.follow(wishes, now);
      if (random.below(40) === 0) schedule.detach();
      for (const { id } of schedule.begin(now)) begun.push({ id, at: now });
    }
    expect(begun.length).toBeGreaterThan(50);
    for (const { id, at } of begun) {
      const within = begun.filter((other) => other.at > at - 10_000 && other.at <= at);
      expect(within.length).toBeLessThanOrEqual(5);
      expect(within.filter((other) => other.id === id)).toHaveLength(1);
    }
  });

  it('schedule: what failed is not asked for again while attached, with a new number neither (PVD-77)', () => {
    const schedule = new FetchSchedule(() => 0);
    schedule.follow([wish('a'), wish('b')], 0);
    expect(idsOf(schedule.begin(0))).toEqual(['a', 'b']);
    schedule.failed('a');
    schedule.succeeded('b', 1_000_000, 0);
    schedule.follow([wish('a', { sequence: 2 }), wish('b')], 20_000);
    expect(schedule.begin(100_000)).toEqual([]);
    expect(schedule.detach()).toEqual(['b', 'a']);
    schedule.follow([wish('a', { sequence: 2 })], 200_000);
    expect(idsOf(schedule.begin(200_000))).toEqual(['a']);
  });

  it('schedule: after ten failures nobody is asked (PVD-77)', () => {
    const schedule = new FetchSchedule(() => 0);
    const all = Array.from({ length: 12 }, (_, at) => wish(`d${at}`));
    schedule.follow(all, 0);
    let asked = 0;
    for (let now = 0; now < 100_000; now += 10_000) {
      for (const { id } of schedule.begin(now)) {
        asked++;
        schedule.failed(id);
      }
    }
    expect(asked).toBe(10);
    expect(schedule.nextDeadline).toBeUndefined();
  });

  it('schedule: who was not reached is tried again, ever more rarely (SEC-06)', () => {
    const schedule = new FetchSchedule(() => 0);
    schedule.follow([wish('a')], 0);
    let now = 0;
    const pauses: number[] = [];
    for (let count = 0; count < 7; count++) {
      expect(schedule.begin(now)).toHaveLength(1);
      schedule.unreached('a', now);
      pauses.push(schedule.nextDeadline! - now);
      now = schedule.nextDeadline!;
    }
    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
  });
});
