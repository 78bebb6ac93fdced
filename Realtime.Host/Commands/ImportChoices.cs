using System.CommandLine;
using System.Globalization;
using Realtime.Engine.Decoding;
using Realtime.Engine.Text;
using Realtime.Models.Checkpoints;
using Realtime.Models.Mtm;

namespace Realtime.Host.Commands;

/// <summary>The options of import: what a checkpoint does not say by itself.</summary>
internal sealed class ImportChoices
{
    private const int MaxVisibleTokens = 1_000_000;
    private const double NsPerMs = 1e6;

    private readonly Option<string?> _config = new("--config")
    {
        Description = $"Configuration of the model, in place of the checkpoint's: {string.Join(", ", HyperParameters.Published.Keys)}, or a file (*.yaml, *.json).",
    };

    private readonly Option<string?> _session = new("--session") { Description = "Word of the session whose embedding the queries use; needed when the model knows several." };

    private readonly Option<string?> _units = new("--units") { Description = "Text file with one unit per line: word,stream,electrode,sorted_id. Default: the session's words, stream before the last '/', electrode behind it, sorted id 1." };

    private readonly Option<string?> _outputs = new("--outputs") { Description = "Names and units of the outputs: NAME:UNIT,NAME:UNIT ... Default: out_0:1,out_1:1 ..." };

    private readonly Option<string?> _outputSd = new("--output-sd") { Description = "What the outputs are multiplied with: one number, or one per output, with commas." };

    private readonly Option<string?> _outputMean = new("--output-mean") { Description = "What is added to the outputs afterwards: one number, or one per output, with commas." };

    private readonly Option<string?> _task = new("--task") { Description = "What is decoded: a readout of POSSM or a group of Neuroformer, needed when the model has several; of MtM rates or regions, default rates." };

    private readonly Option<string?> _sessionMap = new("--session-map") { Description = "Text file that says which recording each stitcher is of (MtM), one per line: session,neurons,row." };

    private readonly Option<MtmLiveMode?> _liveMode = new("--live-mode") { Description = "Which bins a live answer rests on (MtM): trial, sliding, rotary. Default: sliding, as the original's mask asks for." };

    private readonly Option<int?> _visibleTokens = new("--visible-tokens") { Description = "Tokens that each chunk is filled up to, for POSSM of the early revision; 0 for the strict mask." };

    private readonly Option<string?> _frameSize = new("--frame-size") { Description = "Height and width of the frames in pixels, such as 30x100; needed for Neuroformer models that read frames." };

    private readonly Option<double?> _queryLagMs = new("--query-lag-ms") { Description = "The moment that is asked about, ms before the window's end.", DefaultValueFactory = _ => 0 };

    private readonly Option<double?> _targetMs = new("--target-ms") { Description = "Length of the interval that an answer is about, ms.", DefaultValueFactory = _ => 10 };

    private readonly Option<string> _note = new("--note") { Description = "Your own words, kept in the model file.", DefaultValueFactory = _ => "" };

    public IEnumerable<Option> All => [_config, _session, _units, _outputs, _outputSd, _outputMean, _task, _sessionMap, _liveMode, _visibleTokens, _frameSize, _queryLagMs, _targetMs, _note];

    /// <exception cref="UserErrorException">An option cannot be used.</exception>
    public ImportOptions Read(ParseResult parsed) => new()
    {
        QueryLag = OptionRange.Check("--query-lag-ms", parsed.GetValue(_queryLagMs), 0, OptionRange.LongestMs)!.Value * 1e-3,
        TargetNs = (long)Math.Round(OptionRange.Check("--target-ms", parsed.GetValue(_targetMs), 0.1, OptionRange.LongestMs)!.Value * NsPerMs),
        VisibleTokens = (int?)OptionRange.Check("--visible-tokens", parsed.GetValue(_visibleTokens), 0, MaxVisibleTokens),
        FrameSize = FrameSize(parsed.GetValue(_frameSize)),
        Outputs = Outputs(parsed.GetValue(_outputs)),
        OutputSd = Numbers("--output-sd", parsed.GetValue(_outputSd), value => value > 0, "above 0"),
        OutputMean = Numbers("--output-mean", parsed.GetValue(_outputMean), _ => true, "finite"),
        Session = parsed.GetValue(_session),
        Task = parsed.GetValue(_task),
        SessionMap = parsed.GetValue(_sessionMap) is { } map ? FromFile("--session-map", map, SessionMapFile.Read) : null,
        LiveMode = parsed.GetValue(_liveMode),
        Note = parsed.GetValue(_note)!,
        HyperParameters = parsed.GetValue(_config) is { } config ? Config(config) : null,
        Units = parsed.GetValue(_units) is { } units ? FromFile("--units", units, UnitAssignmentFile.Read) : null,
    };

    private static HyperParameters Config(string config)
    {
        if (HyperParameters.Published.TryGetValue(config, out var published)) return published;
        if (File.Exists(config)) return ImportConfigFile.Read(config);
        throw new UserErrorException($"--config: '{config}' is neither a file nor a published configuration{NearestName.Hint(config, HyperParameters.Published.Keys)}. "
            + $"Configurations: {string.Join(", ", HyperParameters.Published.Keys)}.", ExitCode.BadInput);
    }

    private static T FromFile<T>(string option, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{option}: {path} cannot be read: {problem.Message}", ExitCode.BadInput);
        }
    }

    private static (int Height, int Width)? FrameSize(string? text)
    {
        const int largest = 8192;
        if (text is null) return null;
        var parts = text.Split('x');
        if (parts.Length == 2 && Array.TrueForAll(parts, part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is > 0 and <= largest))
            return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
        throw new UserErrorException($"--frame-size: '{text}' is no size; write height x width in pixels, such as 30x100.", ExitCode.Usage);
    }

    private static OutputChannel[]? Outputs(string? text)
    {
        if (text is null) return null;
        var outputs = new List<OutputChannel>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            // The unit may hold a colon, a name may not.
            var colon = part.IndexOf(':');
            var name = colon < 0 ? part : part[..colon];
            if (name.Length == 0) throw new UserErrorException($"--outputs: '{text}' has an output without a name; write NAME:UNIT,NAME:UNIT.", ExitCode.Usage);
            if (outputs.Any(output => output.Name == name)) throw new UserErrorException($"--outputs names '{name}' twice.", ExitCode.Usage);
            outputs.Add(new OutputChannel(name, colon < 0 || colon == part.Length - 1 ? "1" : part[(colon + 1)..]));
        }

        return [.. outputs];
    }

    private static double[] Numbers(string option, string? text, Func<double, bool> isGood, string due)
    {
        const double most = 1e30;
        if (text is null) return [];
        return Array.ConvertAll(text.Split(','), part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < most && isGood(value)
                ? value
                : throw new UserErrorException($"{option}: '{part}' is no number {due}; write numbers with commas between them, such as 20.5,20.5.", ExitCode.Usage));
    }
}
