import type { EChartsOption } from "echarts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Draws a chart as SVG text, in the light colours: for files and paper. The charts' own code is loaded for it. */
export async function toSvg(option: EChartsOption, size: Size): Promise<string> {
  const { drawSvg } = await import("./drawSvg");
  return drawSvg(option, size);
}

/** Draws a chart as a PNG, twice as fine as the screen's points. */
export async function toPng(option: EChartsOption, size: Size): Promise<Blob> {
  const svg = await toSvg(option, size);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [size.width * 2, size.height * 2];
  const context = canvas.getContext("2d");
  if (!context) {
    throw new Error("This browser cannot draw the picture; take the SVG.");
  }
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) {
        resolve(blob);
      } else {
        reject(new Error("This browser cannot write the picture; take the SVG."));
      }
    }, "image/png");
  });
}
