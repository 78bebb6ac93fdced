using Realtime.Engine.Sessions;
using Realtime.Models.Training;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>
/// Sessions as a Neuroformer reads them: places of windows, and windows with their tokens, next tokens and labels. No window crosses the border of a split. Immutable;
/// any thread.
/// </summary>
public sealed class NeuroformerSessions
{
    private readonly NeuroformerTokenizer _tokenizer;
    private readonly int _labelQuery;
    private readonly long _lagNs;

    private NeuroformerSessions(NeuroformerRecipe recipe, TrainingSessions sessions, NeuroformerConfig config)
    {
        (Recipe, Sessions, Config) = (recipe, sessions, config);
        _tokenizer = new NeuroformerTokenizer(config);
        var lagBins = (int)Math.Round(recipe.LabelLag / config.ResolutionDt);
        _lagNs = lagBins * config.ResolutionNs;
        _labelQuery = (int)(WindowNs / config.ResolutionNs) - 1 - lagBins;
    }

    public NeuroformerRecipe Recipe { get; }

    /// <summary>Units, outputs, normalisation; in fine-tuning with few labels their training intervals are the labelled blocks.</summary>
    public TrainingSessions Sessions { get; }

    /// <summary>The model that fits them.</summary>
    public NeuroformerConfig Config { get; }

    /// <summary>Both windows.</summary>
    public long WindowNs => Config.CurrNs + Config.PrevNs;

    /// <summary>Words of the neurons by token: "SESSION/UNIT".</summary>
    public IReadOnlyList<string> UnitVocab => [.. Sessions.UnitVocab.Skip(1)];

    /// <param name="recordings">One or more, names all different.</param>
    /// <param name="recipe">Checked.</param>
    /// <param name="start">The model to go on from; null for none.</param>
    /// <exception cref="TrainingException">They do not go together; the message says what to change.</exception>
    public static NeuroformerSessions From(IReadOnlyList<Session> recordings, NeuroformerRecipe recipe, NeuroformerSettings? start = null)
    {
        var shape = start is null ? recipe.Model : recipe.Model with
        {
            ResolutionDt = start.HyperParameters.ResolutionDt,
            WindowCurr = start.HyperParameters.WindowCurr,
            WindowPrev = start.HyperParameters.WindowPrev,
        };
        var window = shape.WindowCurr + shape.WindowPrev;
        var isLabelled = recipe.Phase != NeuroformerPhase.Pretrain && recipe.LabelShare < 1;
        var sessions = TrainingSessions.From(
            isLabelled ? [.. recordings.Select(recording => recording with { Train = LabelBlocks.Of(recording.Train, recipe.LabelShare, window) })] : recordings,
            new WindowOptions
            {
                WindowSeconds = window,
                Outputs = recipe.Outputs,
                TargetMs = recipe.TargetMs,
                Filter = recipe.Filter,
                QueryStepMs = shape.ResolutionDt * 1e3,
                WholeSteps = true,
                Aligned = true,
                RespectSegments = recipe.RespectSegments,
                WindowsPerEpoch = recipe.WindowsPerEpoch,
                UnitDropoutShare = recipe.UnitDropoutShare,
                SpikeDropout = recipe.SpikeDropout,
                RecencySeconds = recipe.RecencyS,
                Seed = (ulong)recipe.Seed,
            },
            start is null ? null : [TrainingSessions.Padding, .. start.UnitVocab]);
        var config = start is null ? New(recipe, sessions) : Grown(start, sessions);
        return new NeuroformerSessions(recipe, sessions, config);
    }

    /// <summary>Id token of each unit of a session, in its order.</summary>
    public static IReadOnlyList<int> Tokens(TrainingSession session) => [.. session.UnitRows.Select(row => row - 1)];

    /// <summary>The window at a place as it was recorded.</summary>
    public NeuroformerSample Cut(WindowPlace place) => Sample(Sessions.Cut(place));

    /// <summary>The window at a place with the recipe's dropout of units and spikes.</summary>
    public NeuroformerSample Cut(WindowPlace place, int epoch) => Sample(Sessions.Cut(place, epoch));

    /// <summary>The windows that a live decoder would be asked for: the first one that lies in an interval on the grid of steps from its start, then every step.</summary>
    public IReadOnlyList<WindowPlace> Answers(int session, SessionPart part, IReadOnlyList<TimeRange> intervals, long stepNs)
    {
        var places = new List<WindowPlace>();
        foreach (var interval in intervals)
        {
            var (start, end) = (TrainingSet.ToNs(interval.Start), TrainingSet.ToNs(interval.End));
            var reach = Math.Max(WindowNs, Sessions.Sessions[session].TargetNs + _lagNs);
            for (var at = start + (reach + stepNs - 1) / stepNs * stepNs; at <= end; at += stepNs) places.Add(new WindowPlace(session, at - WindowNs, start, part, places.Count));
        }

        return places;
    }

    /// <summary>The targets of a place in physical units, NaN where unknown, and whether the filter keeps it.</summary>
    public bool Targets(WindowPlace place, Span<double> values) =>
        Sessions.Sessions[place.Session].Targets(place.StartNs + WindowNs - _lagNs, place.IntervalStartNs, values);

    private NeuroformerSample Sample(TrainingWindow window)
    {
        var (times, neurons) = Spikes(window);
        var (current, past) = _tokenizer.Sequences(times, neurons, WindowNs);
        var outputs = Sessions.Outputs.Count;
        var (ids, bins) = (current.Ids[1..], current.Times[1..]);
        for (var at = 0; at < ids.Length; at++)
            if (ids[at] == Config.Pad) (ids[at], bins[at]) = (-1, -1);
        return new NeuroformerSample
        {
            Window = NeuroformerTokenizer.Window(current, past),
            Ids = ids,
            Times = bins,
            Labels = window.Targets[(_labelQuery * outputs)..((_labelQuery + 1) * outputs)],
            LabelWeight = window.QueryWeights[_labelQuery],
        };
    }

    private static (long[] Times, int[] Neurons) Spikes(TrainingWindow window)
    {
        var (times, neurons) = (new long[window.SpikeTimes.Length], new int[window.SpikeTimes.Length]);
        for (var spike = 0; spike < times.Length; spike++)
            (times[spike], neurons[spike]) = ((long)Math.Round(window.SpikeTimes[spike] * 1e9), window.UnitRows[window.SpikeUnits[spike]] - 1);
        return (times, neurons);
    }

    private static NeuroformerConfig New(NeuroformerRecipe recipe, TrainingSessions sessions)
    {
        var shape = recipe.Model;
        var config = new NeuroformerConfig
        {
            Neurons = sessions.UnitVocab.Count - 1,
            DtBins = (int)Math.Round(Math.Max(shape.WindowCurr, shape.WindowPrev) / shape.ResolutionDt) + 1,
            NEmbd = shape.NEmbd,
            NHead = shape.NHead,
            BlockId = shape.BlockId,
            BlockPrevId = shape.BlockPrevId,
            StateLayers = shape.StateLayers,
            HistoryLayers = shape.HistoryLayers,
            PosEmb = shape.PosEmb,
            WaveEmb = shape.WaveEmb,
            ContrastiveVars = shape.ContrastiveVars,
            ClipTemp = shape.ClipTemp,
            ResolutionDt = shape.ResolutionDt,
            WindowCurr = shape.WindowCurr,
            WindowPrev = shape.WindowPrev,
            Groups = [Group(sessions)],
        };
        if (config is { BlockId: > 0, BlockPrevId: > 0 }) return config;
        var (current, past) = Sizes(config, sessions);
        return config with { BlockId = config.BlockId > 0 ? config.BlockId : current, BlockPrevId = config.BlockPrevId > 0 ? config.BlockPrevId : past };
    }

    /// <summary>A model's configuration with the sessions' targets, and rows for units that it did not know.</summary>
    private static NeuroformerConfig Grown(NeuroformerSettings start, TrainingSessions sessions)
    {
        var config = start.HyperParameters;
        if (config.Frames is not null || config.Groups.Any(group => group.HasInputs))
            throw new TrainingException("The model to start from reads frames or behaviour, which sessions do not hold. Start from one without.");
        return config with { Neurons = sessions.UnitVocab.Count - 1, Groups = [Group(sessions)] };
    }

    private static NeuroformerGroup Group(TrainingSessions sessions) => new()
    {
        Name = new NeuroformerSettings { HyperParameters = new NeuroformerConfig { Neurons = 1 }, UnitTokens = [] }.Group,
        Layers = 0,
        Variables = [.. sessions.Outputs.Select(output => new NeuroformerVariable { Name = output.Name, Predict = true })],
    };

    /// <summary>Places for the spikes of 999 in 1000 training windows, beside SOS and EOS.</summary>
    private static (int Current, int Past) Sizes(NeuroformerConfig config, TrainingSessions sessions)
    {
        const double covered = 0.999;
        var (current, past) = (new List<int>(), new List<int>());
        foreach (var place in sessions.Cover(SessionPart.Train))
        {
            var (times, _) = Spikes(sessions.Cut(place));
            var late = times.Count(time => time >= config.PrevNs);
            current.Add(late);
            past.Add(times.Length - late);
        }

        return (Size(current), Size(past));

        static int Size(List<int> counts)
        {
            counts.Sort();
            return Math.Max(1, counts[Math.Min(counts.Count - 1, (int)(covered * counts.Count))]) + 2;
        }
    }
}
