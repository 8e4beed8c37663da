import { useEffect, useState } from "react";

import { usePlatform } from "../app/platform";
import { type Arrival, takeArrival } from "./arrival";

/** What the link brought; also one that is pasted into this very tab, which loads no page anew. */
export function useArrival(): Arrival {
  const { arrival: first, config } = usePlatform();
  const [arrival, setArrival] = useState(first);
  const { auth_mode } = config;
  useEffect(() => {
    const take = () => {
      const next = takeArrival(auth_mode);
      if (next.kind !== "none") {
        setArrival((before) => (isSame(before, next) ? before : next));
      }
    };
    take();
    window.addEventListener("hashchange", take);
    return () => {
      window.removeEventListener("hashchange", take);
    };
  }, [auth_mode]);
  return arrival;
}

function isSame(a: Arrival, b: Arrival): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
