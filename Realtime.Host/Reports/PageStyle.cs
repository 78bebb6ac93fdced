namespace Realtime.Host.Reports;

/// <summary>The page's style: light and dark after the reader's system, plain in print.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--paper:#fff;--ink:#1b2430;--muted:#5c6875;--line:#d8dee5;--grid:#e9edf1;
          --panel:#f5f7f9; --decoded:#1668b8;--true:#e39a3b;--error:#7447a8;--good:#1a7f45;--goodbg:#e7f5ec;--warn:#9a6200;
          --warnbg:#fdf3dc;--bad:#b3261e;--badbg:#fcebea; --late:#e0a100;--held:#d0601e;--nodata:#7d8790;--s1:#7aa6d6;
          --s2:#2f6fb0;--s3:#e2975a;--s4:#8dbf8b}
        @media (prefers-color-scheme:dark){
          :root{--paper:#14181d;--ink:#e6eaef;--muted:#9aa6b2;--line:#39424c;--grid:#262d35;--panel:#1c2229; --decoded:#63aef2;
            --true:#d98f35;--error:#c3a0ee;--good:#5fcf8d;--goodbg:#15301f;--warn:#f0c050;--warnbg:#362a0d;--bad:#ff8a80;
            --badbg:#3b1715; --late:#e8b730;--held:#ee8a4b;--nodata:#8e99a5;--s1:#9cc3ec;--s2:#4a8fd6;--s3:#eaa974;--s4:#9fd09d}
        }
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);
          font:16px/1.5 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1120px;margin:0 auto;padding:20px}
        header{border-radius:10px;padding:18px 22px;border-left:10px solid;margin-bottom:24px}
        header.good{background:var(--goodbg);border-color:var(--good)}
        header.warn{background:var(--warnbg);border-color:var(--warn)}
        header.bad{background:var(--badbg);border-color:var(--bad)}
        header.good h1{color:var(--good)}
        header.warn h1{color:var(--warn)}
        header.bad h1{color:var(--bad)}
        h1{font-size:34px;line-height:1.2;margin:2px 0 14px}
        h2{font-size:21px;margin:34px 0 8px;padding-bottom:4px;border-bottom:1px solid var(--line)}
        h3{font-size:16px;margin:20px 0 2px}
        h3 small{color:var(--muted);font-weight:400;margin-left:8px}
        .run{margin:0;color:var(--muted);overflow-wrap:anywhere}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-bottom:14px}
        .tiles div{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
        .tiles b{display:block;font-size:26px;line-height:1.25;font-variant-numeric:tabular-nums}
        .tiles span{color:var(--muted);font-size:14px}
        ul.verdict{list-style:none;margin:0;padding:0}
        ul.verdict li{padding-left:26px;position:relative;overflow-wrap:anywhere}
        ul.verdict .sign{position:absolute;left:0}
        li.good .sign{color:var(--good)}
        li.warn .sign{color:var(--warn)}
        li.bad .sign{color:var(--bad)}
        li.warn,li.bad{font-weight:600}
        .warnings ul,.notes ul{margin:0;padding-left:22px;overflow-wrap:anywhere}
        .warnings li::marker{content:"▲ ";color:var(--warn)}
        .note,.key{color:var(--muted);font-size:14px;margin:6px 0}
        .key{margin:2px 0}
        .swatch{display:inline-block;width:14px;height:10px;border-radius:2px;margin:0 5px 0 10px;background:var(--muted)}
        .key .swatch:first-child,th .swatch{margin-left:0}
        .swatch.true{background:var(--true)}
        .swatch.decoded{background:var(--decoded)}
        .swatch.error{background:var(--error)}
        .swatch.fresh{background:var(--good)}
        .swatch.late{background:var(--late)}
        .swatch.held{background:var(--held)}
        .swatch.no_data{background:var(--nodata)}
        .swatch.stage1{background:var(--s1)}
        .swatch.stage2{background:var(--s2)}
        .swatch.stage3{background:var(--s3)}
        .swatch.stage4{background:var(--s4)}
        figure{margin:6px 0}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:20px}
        .pair.top{align-items:start}
        .pair>*{min-width:0}
        svg{display:block;width:100%;height:auto}
        svg text{font-size:12px;fill:var(--muted);font-family:inherit;font-variant-numeric:tabular-nums}
        svg text.axis{fill:var(--ink)}
        svg.wide text{font-size:11px}
        svg rect{shape-rendering:crispEdges}
        svg .grid{stroke:var(--grid);stroke-width:1}
        svg .line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
        svg .line.true{stroke:var(--true);stroke-width:3.2}
        svg .line.decoded{stroke:var(--decoded)}
        svg .line.error{stroke:var(--error)}
        svg .line.faint{stroke:var(--decoded);opacity:.35;stroke-width:1}
        svg .line.deadline{stroke:var(--bad);stroke-dasharray:6 4}
        svg .dots{fill:none;stroke-width:4;stroke-linecap:round;opacity:.55}
        svg .dots.decoded{stroke:var(--decoded)}
        svg .same{stroke:var(--ink);stroke-dasharray:5 4;opacity:.6}
        svg .bar{fill:var(--decoded)}
        svg line.mark{stroke:var(--ink);stroke-width:1;opacity:.55}
        svg text.mark{fill:var(--ink)}
        svg line.mark.deadline{stroke:var(--bad);opacity:1;stroke-dasharray:6 4}
        svg text.mark.deadline{fill:var(--bad)}
        svg .fresh{fill:var(--good)}
        svg .late{fill:var(--late)}
        svg .held{fill:var(--held)}
        svg .no_data{fill:var(--nodata)}
        svg .stage1{fill:var(--s1)}
        svg .stage2{fill:var(--s2)}
        svg .stage3{fill:var(--s3)}
        svg .stage4{fill:var(--s4)}
        svg .total{fill:var(--ink)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:15px}
        th,td{padding:5px 10px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
        thead th{color:var(--muted);font-weight:600;white-space:normal;vertical-align:bottom}
        th:first-child,th.word,td.word{text-align:left}
        tbody th{font-weight:400}
        tr.sum th,tr.sum td{font-weight:700;border-top:2px solid var(--line)}
        td.good{color:var(--good)}
        td.bad{color:var(--bad);font-weight:700}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 14px;margin:8px 0}
        dt{color:var(--muted)}
        dd{margin:0;overflow-wrap:anywhere}
        details{margin-top:12px}
        summary{cursor:pointer}
        pre{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:12px;overflow-x:auto;
          font:13px/1.45 ui-monospace,Consolas,Menlo,monospace}
        @media (max-width:820px){
          main{padding:12px}
          .pair{grid-template-columns:1fr;gap:4px}
          svg.wide text{font-size:15px}
          th,td{padding:4px 6px}
          table{font-size:13.5px}
          h1{font-size:28px}
          dl{grid-template-columns:1fr;gap:0}
          dd{margin-bottom:8px}
        }
        @media print{
          :root{color-scheme:light}
          body{font-size:11pt}
          main{max-width:none;padding:0}
          figure,table,header{break-inside:avoid}
          h2,h3{break-after:avoid}
          .tiles div,header,svg *,.swatch{print-color-adjust:exact;-webkit-print-color-adjust:exact}
          pre{white-space:pre-wrap}
        }
        """;
}
