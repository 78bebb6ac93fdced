using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Acquisition.Recordings;
using Realtime.Host.Running;
using Realtime.Models.Neuroformer;
using Realtime.Models.Weights;
using Spectre.Console;

namespace Realtime.Host.Commands;

/// <summary><c>rtdecode generate MODEL SESSION -o FILE</c>: spikes that a Neuroformer generates for windows of a recorded session.</summary>
internal static class GenerateCommand
{
    private const int MostWindows = 1_000_000;

    private static readonly Dictionary<string, NeuroformerPastMode> Modes = new(StringComparer.Ordinal)
    {
        ["default"] = NeuroformerPastMode.Default,
        ["true_past"] = NeuroformerPastMode.TruePast,
        ["feedback"] = NeuroformerPastMode.Feedback,
    };

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "Model file of a Neuroformer." };
        var session = new Argument<string>("SESSION") { Description = "Folder of a session (docs/session-layout.md)." };
        var from = new Option<double>("--from") { Description = "Start of the first window, session seconds.", Required = true };
        var windows = new Option<int>("--windows") { Description = "Windows to generate, one after the other.", DefaultValueFactory = _ => 1 };
        var mode = new Option<string>("--mode")
        {
            Description = "What is taken for the past: default (upstream's: true spikes, re-sorted), true_past (true spikes), feedback (what was generated; not upstream's).",
            DefaultValueFactory = _ => "true_past",
        };
        mode.AcceptOnlyFromAmong([.. Modes.Keys]);
        var sample = new Option<bool>("--sample") { Description = "Draw tokens; otherwise the most likely one is taken." };
        var topK = new Option<int>("--top-k") { Description = "Draw among so many of the most likely tokens only; 0 for all." };
        var topP = new Option<double>("--top-p") { Description = "Draw among the most likely ids that make up this probability; 0 for all." };
        var topPTime = new Option<double>("--top-p-time") { Description = "The same for times." };
        var temperature = new Option<double>("--temperature") { Description = "Divides the logits of ids.", DefaultValueFactory = _ => 1 };
        var temperatureTime = new Option<double>("--temperature-time") { Description = "Divides the logits of times.", DefaultValueFactory = _ => 1 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draws.", DefaultValueFactory = _ => 1 };
        var frames = new Option<string?>("--frames") { Description = "Safetensors file with a tensor 'frames' [frames, height, width], from the session's start on, at the model's rate and as the network reads them; default: the session's own video frames, where the model reads any." };
        var output = new Option<string>("--output", "-o") { Description = "File to write: *.csv, one line per token; else JSON lines, one per window.", Required = true };
        var command = new Command("generate", "Generate spikes with a Neuroformer, token by token, for windows of a recorded session.")
        {
            model, session, from, windows, mode, sample, topK, topP, topPTime, temperature, temperatureTime, seed, frames, output,
        };
        command.SetAction(parsed => CommandRunner.Run(() =>
        {
            var count = (int)OptionRange.Check("--windows", parsed.GetValue(windows), 1, MostWindows)!.Value;
            var recording = SessionReader.Read(parsed.GetValue(session)!);
            using var file = RigRun.ReadModel(parsed.GetValue(model)!);
            var sampling = new NeuroformerSampling
            {
                Sample = parsed.GetValue(sample),
                TopK = parsed.GetValue(topK),
                TopP = parsed.GetValue(topP),
                TopPTime = parsed.GetValue(topPTime),
                Temperature = parsed.GetValue(temperature),
                TemperatureTime = parsed.GetValue(temperatureTime),
                Seed = parsed.GetValue(seed),
            };
            try
            {
                var generation = new NeuroformerSessionGeneration(file, recording, Modes[parsed.GetValue(mode)!], sampling, parsed.GetValue(frames) is { } path ? Frames(path) : null);
                var start = (long)Math.Round(parsed.GetValue(from) * 1e9);
                Write(generation, start, count, parsed.GetValue(output)!);
            }
            catch (ArgumentException problem)
            {
                throw new UserErrorException(problem.Message, ExitCode.BadInput);
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static void Write(NeuroformerSessionGeneration generation, long startNs, int count, string path)
    {
        var config = generation.Config;
        var isCsv = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        var text = new StringBuilder(isCsv ? "window,start_s,place,id_token,dt_token,unit,time_s\n" : "");
        for (var window = 0; window < count; window++) generation.Check(startNs + window * config.CurrNs);
        var (spikes, outside, cut) = (0, 0, 0);
        for (var window = 0; window < count; window++)
        {
            var start = startNs + window * config.CurrNs;
            var generated = generation.Next(start);
            (spikes, outside, cut) = (spikes + generated.Spikes.Count, outside + generated.OutsideWindow, cut + generated.Window.Cut);
            if (isCsv) AppendCsv(text, generation, generated, window, start);
            else text.Append(Line(generation, generated, window, start)).Append('\n');
        }

        try
        {
            File.WriteAllText(path, text.ToString());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be written: {problem.Message}", ExitCode.BadInput);
        }

        var screen = CommandRunner.Screen;
        screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Generated {spikes} spikes in {count} windows of {config.WindowCurr * 1e3:0.###} ms; wrote {path}."));
        if (outside > 0) screen.MarkupLine(Markup.Escape($"{outside} of them have a time that is no bin of their window; their last bin stands for it."));
        if (cut > 0) screen.MarkupLine(Markup.Escape($"{cut} true spikes did not fit their windows' {config.BlockId - 2} places."));
    }

    private static void AppendCsv(StringBuilder text, NeuroformerSessionGeneration generation, NeuroformerGenerated generated, int window, long startNs)
    {
        for (var place = 0; place < generated.Ids.Length; place++)
        {
            var (id, time) = (generated.Ids[place], generated.Times[place]);
            var seconds = time < generation.Config.DtBins ? (startNs * 1e-9 + time * generation.Config.ResolutionDt).ToString("0.######", CultureInfo.InvariantCulture) : "";
            text.Append(CultureInfo.InvariantCulture, $"{window},{startNs * 1e-9:0.######},{place},{id},{time},\"{generation.Unit(id)?.ToString().Replace("\"", "\"\"", StringComparison.Ordinal)}\",{seconds}\n");
        }
    }

    private static string Line(NeuroformerSessionGeneration generation, NeuroformerGenerated generated, int window, long startNs) => new JsonObject
    {
        ["window"] = window,
        ["start_s"] = Math.Round(startNs * 1e-9, 9),
        ["id_tokens"] = Array(generated.Ids),
        ["dt_tokens"] = Array(generated.Times),
        ["past_id_tokens"] = Array(generated.Window.PastIds),
        ["past_dt_tokens"] = Array(System.Array.ConvertAll(generated.Window.PastTimes, time => (int)time)),
        ["spike_times_s"] = new JsonArray(
            [.. generated.Spikes.Select(spike => JsonValue.Create(Math.Round(startNs * 1e-9 + spike.Bin * generation.Config.ResolutionDt, 9)))]),
        ["spike_units"] = new JsonArray([.. generated.Spikes.Select(spike => JsonValue.Create(generation.Unit(spike.Neuron)?.ToString()))]),
    }.ToJsonString();

    private static JsonArray Array(int[] values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static float[] Frames(string path)
    {
        try
        {
            using var file = SafetensorsFile.Read(path);
            return file.Floats("frames");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--frames: {path} cannot be read: {problem.Message}", ExitCode.BadInput);
        }
    }
}
