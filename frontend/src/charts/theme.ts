/** Colours that people with any colour vision can tell apart (Okabe and Ito, 2008), darker on light. */
export const SERIES_LIGHT = ["#0072b2", "#d55e00", "#00795a", "#b0588a", "#8a6d00", "#3f7fa8"] as const;
export const SERIES_DARK = ["#56b4e9", "#e69f00", "#2fc79b", "#d991bd", "#f0e442", "#9cc7e4"] as const;

/** The looks of every chart, in the two colour schemes. */
export function chartTheme(dark: boolean): object {
  const text = dark ? "#c9c9c9" : "#343a40";
  const line = dark ? "#696969" : "#868e96";
  const grid = dark ? "#3b3b3b" : "#e9ecef";
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    axisLabel: { color: text },
    nameTextStyle: { color: text },
    splitLine: { lineStyle: { color: grid } },
  };
  return {
    color: dark ? SERIES_DARK : SERIES_LIGHT,
    backgroundColor: "transparent",
    textStyle: { color: text, fontFamily: "system-ui, 'Segoe UI', 'Liberation Sans', sans-serif" },
    title: { textStyle: { color: text } },
    legend: { textStyle: { color: text } },
    tooltip: {
      backgroundColor: dark ? "#2e2e2e" : "#ffffff",
      borderColor: grid,
      textStyle: { color: text },
    },
    categoryAxis: axis,
    valueAxis: axis,
    logAxis: axis,
    timeAxis: axis,
  };
}
