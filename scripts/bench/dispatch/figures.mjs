// What every peer needs: settings, quantiles, the last line.
export const jobs = Number(process.env.JOBS);
export const concurrency = Number(process.env.CONCURRENCY);
export const singles = 300;
export const warmUp = 50;

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export function tell(peer, submitMs, drainMs, claimsMs) {
  const rounded = (value) => Math.round(value * 1000) / 1000;
  console.log(
    JSON.stringify({
      peer,
      submit_jobs_per_s: rounded((jobs / submitMs) * 1000),
      drain_jobs_per_s: rounded((jobs / drainMs) * 1000),
      claim_p50_ms: rounded(quantile(claimsMs, 0.5)),
      claim_p99_ms: rounded(quantile(claimsMs, 0.99)),
    }),
  );
}
