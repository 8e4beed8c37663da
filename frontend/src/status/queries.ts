import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

import { keys } from "../api/keys";
import { statusCalls } from "./calls";
import { useStatusPlace } from "./place";

/** The health service answers from memory: this costs next to nothing. */
const NOW_MS = 5000;
/** What is counted by days and lists of what is past. */
const PAST_MS = 60_000;
const PAGE = 6;

export const HISTORY_DAYS = 90;

/** Each is asked for again all the time, so that a failure is told at once and goes by itself; the page has its own words for it. */
const PATIENT = { retry: false, meta: { ownNotice: true } } as const;

type Calls = ReturnType<typeof statusCalls>;

function useCalls(): Calls {
  const place = useStatusPlace();
  return useMemo(() => statusCalls(place), [place]);
}

/** How everything stands. */
export function useStatusNow() {
  const calls = useCalls();
  return useQuery({ queryKey: keys.statusNow, queryFn: () => calls.now(), refetchInterval: NOW_MS, ...PATIENT });
}

/** The last 90 days of every part. */
export function useHistory() {
  const calls = useCalls();
  return useQuery({
    queryKey: keys.statusHistory,
    queryFn: () => calls.history(HISTORY_DAYS),
    refetchInterval: PAST_MS,
    ...PATIENT,
  });
}

/** How long a part took to answer. */
export function useLatency(part: string, hours: number) {
  const calls = useCalls();
  return useQuery({
    queryKey: keys.statusLatency(part, hours),
    queryFn: () => calls.latency(part, hours),
    refetchInterval: PAST_MS,
    placeholderData: keepPreviousData,
    ...PATIENT,
  });
}

/** Incidents, as many as were asked for, newest first. */
export function useIncidents() {
  const calls = useCalls();
  return useInfiniteQuery({
    queryKey: keys.statusIncidents,
    queryFn: ({ pageParam }) => calls.incidents(PAGE, pageParam === 0 ? undefined : pageParam),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: PAST_MS,
    ...PATIENT,
  });
}

/** Releases, incidents, maintenance and certificates on one line of time, newest first. */
export function useTimeline(days: number) {
  const calls = useCalls();
  return useQuery({
    queryKey: keys.statusTimeline(days),
    queryFn: () => calls.timeline(days),
    refetchInterval: PAST_MS,
    placeholderData: keepPreviousData,
    ...PATIENT,
  });
}

/** An order to the health service. Whatever comes of it, what is shown is asked for again. */
export function useStatusOrder<V, T>(give: (calls: Calls, order: V) => Promise<T>, onDone?: (answer: T) => void) {
  const calls = useCalls();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (order: V) => give(calls, order),
    ...(onDone ? { onSuccess: onDone } : {}),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.status });
    },
  });
}
