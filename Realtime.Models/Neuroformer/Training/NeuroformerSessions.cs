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
    private readonly SessionClips[]? _clips;
    private readonly IReadOnlyList<IReadOnlyList<double?>> _inputs;

    private NeuroformerSessions(NeuroformerRecipe recipe, TrainingSessions sessions, NeuroformerSettings settings)
    {
        var config = settings.HyperParameters;
        (Recipe, Sessions, Settings) = (recipe, sessions, settings);
        _tokenizer = new NeuroformerTokenizer(config);
        var lagBins = (int)Math.Round(recipe.LabelLag / config.ResolutionDt);
        _lagNs = lagBins * config.ResolutionNs;
        _labelQuery = (int)(WindowNs / config.ResolutionNs) - 1 - lagBins;
        if (config.Frames is { } frames)
        {
            var rule = new FrameClip(frames, settings.FrameHold, settings.FrameLookAhead);
            _clips = [.. sessions.Sessions.Select(session => new SessionClips(session.Session, frames, rule, settings.FrameScale))];
        }

        // As live: every input is there, with a dt of 0.
        _inputs = config.Groups.Any(group => group.HasInputs) ? [.. config.Groups.Select(group => (IReadOnlyList<double?>)[.. group.Variables.Select(variable => variable.Predict ? null : (double?)0)])] : [];
    }

    public NeuroformerRecipe Recipe { get; }

    /// <summary>Units, outputs, normalisation; in fine-tuning with few labels their training intervals are the labelled blocks.</summary>
    public TrainingSessions Sessions { get; }

    /// <summary>The model that fits them.</summary>
    public NeuroformerConfig Config => Settings.HyperParameters;

    /// <summary>The model file's, but for units and outputs.</summary>
    public NeuroformerSettings Settings { get; }

    /// <summary>Sentences the user should read.</summary>
    public IEnumerable<string> Notes => [.. Sessions.Notes, .. FrameNotes(), .. InputNotes()];

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
        var settings = start is null ? New(recipe, sessions) : Grown(start, sessions);
        NeuroformerSessionCheck.Check(recordings, settings, start is not null);
        var config = settings.HyperParameters;
        if (config is { BlockId: > 0, BlockPrevId: > 0 }) return new NeuroformerSessions(recipe, sessions, settings);
        var (current, past) = new NeuroformerSessions(recipe, sessions, Sized(3, 3)).Sizes();
        return new NeuroformerSessions(recipe, sessions, Sized(current, past));

        NeuroformerSettings Sized(int blockId, int blockPrevId) => settings with
        {
            HyperParameters = config with { BlockId = config.BlockId > 0 ? config.BlockId : blockId, BlockPrevId = config.BlockPrevId > 0 ? config.BlockPrevId : blockPrevId },
        };
    }

    /// <summary>Id token of each unit of a session, in its order.</summary>
    public static IReadOnlyList<int> Tokens(TrainingSession session) => [.. session.UnitRows.Select(row => row - 1)];

    /// <summary>The window at a place as it was recorded.</summary>
    public NeuroformerSample Cut(WindowPlace place) => Sample(Sessions.Cut(place), place);

    /// <summary>The window at a place with the recipe's dropout of units and spikes.</summary>
    public NeuroformerSample Cut(WindowPlace place, int epoch) => Sample(Sessions.Cut(place, epoch), place);

    /// <summary>The windows of an epoch, without those that lack video frames.</summary>
    public WindowPlace[] Epoch(SessionPart part, int epoch) => WithFrames(Sessions.Epoch(part, epoch));

    /// <summary>Windows back to back, without those that lack video frames.</summary>
    public WindowPlace[] Cover(SessionPart part) => WithFrames(Sessions.Cover(part));

    /// <summary>The windows that a live decoder would be asked for: the first one that lies in an interval on the grid of steps from its start, then every step; without those that lack video frames.</summary>
    public IReadOnlyList<WindowPlace> Answers(int session, SessionPart part, IReadOnlyList<TimeRange> intervals, long stepNs)
    {
        var places = new List<WindowPlace>();
        foreach (var interval in intervals)
        {
            var (start, end) = (TrainingSet.ToNs(interval.Start), TrainingSet.ToNs(interval.End));
            var reach = Math.Max(WindowNs, Sessions.Sessions[session].TargetNs + _lagNs);
            for (var at = start + (reach + stepNs - 1) / stepNs * stepNs; at <= end; at += stepNs) places.Add(new WindowPlace(session, at - WindowNs, start, part, places.Count));
        }

        return WithFrames([.. places]);
    }

    /// <summary>The targets of a place in physical units, NaN where unknown, and whether the filter keeps it.</summary>
    public bool Targets(WindowPlace place, Span<double> values) =>
        Sessions.Sessions[place.Session].Targets(place.StartNs + WindowNs - _lagNs, place.IntervalStartNs, values);

    private bool HasFrames(WindowPlace place) => _clips is null || _clips[place.Session].Has(place.StartNs + WindowNs, place.IntervalStartNs);

    private WindowPlace[] WithFrames(WindowPlace[] places) => _clips is null ? places : Array.FindAll(places, HasFrames);

    private IEnumerable<string> FrameNotes()
    {
        const double few = 0.01;
        if (_clips is null) yield break;
        foreach (var part in new[] { SessionPart.Train, SessionPart.Valid, SessionPart.Test })
        {
            foreach (var windows in Sessions.Cover(part).GroupBy(place => place.Session))
            {
                var (lacking, all) = (windows.Count(place => !HasFrames(place)), windows.Count());
                if (lacking <= few * all) continue;
                yield return $"Session '{Sessions.Sessions[windows.Key].Session.Name}': {lacking} of {all} windows back to back of the {part.ToString().ToLowerInvariant()} intervals have no video frames, " +
                    "or not enough for a clip, and are left out. Live, such windows have no valid answer.";
            }
        }
    }

    private IEnumerable<string> InputNotes()
    {
        var names = Config.Groups.SelectMany(group => group.Variables).Where(variable => !variable.Predict).Select(variable => variable.Name).ToArray();
        if (names.Length > 0) yield return $"The value of {string.Join(", ", names)} cannot influence an answer: upstream's embedding of an input normalises it away (docs/neuroformer.md). Its tokens are learned all the same.";
    }

    private NeuroformerSample Sample(TrainingWindow window, WindowPlace place)
    {
        var (times, neurons) = Spikes(window);
        var (current, past) = _tokenizer.Sequences(times, neurons, WindowNs);
        var outputs = Sessions.Outputs.Count;
        var (ids, bins) = (current.Ids[1..], current.Times[1..]);
        for (var at = 0; at < ids.Length; at++)
            if (ids[at] == Config.Pad) (ids[at], bins[at]) = (-1, -1);
        return new NeuroformerSample
        {
            Window = NeuroformerTokenizer.Window(current, past) with { Frames = _clips?[place.Session].Of(place.StartNs + WindowNs, place.IntervalStartNs), Inputs = _inputs },
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

    private static NeuroformerSettings New(NeuroformerRecipe recipe, TrainingSessions sessions)
    {
        var shape = recipe.Model;
        var group = Group(sessions, recipe.Inputs, shape.ModalityLayers);
        return new NeuroformerSettings
        {
            UnitTokens = [],
            Group = group.Name,
            FrameLookAhead = shape.Frames?.LookAhead ?? 0,
            FrameScale = shape.Frames?.Scale ?? 1,
            HyperParameters = new NeuroformerConfig
            {
                Neurons = sessions.UnitVocab.Count - 1,
                DtBins = (int)Math.Round(Math.Max(shape.WindowCurr, shape.WindowPrev) / shape.ResolutionDt) + 1,
                NEmbd = shape.NEmbd,
                NHead = shape.NHead,
                BlockId = shape.BlockId,
                BlockPrevId = shape.BlockPrevId,
                StateLayers = shape.StateLayers,
                HistoryLayers = shape.HistoryLayers,
                StimulusLayers = shape.Frames is null ? 0 : shape.StimulusLayers,
                VitEncoder = shape.VitEncoder,
                Frames = shape.Frames is { } frames ? Frames(frames, sessions) : null,
                PosEmb = shape.PosEmb,
                WaveEmb = shape.WaveEmb,
                ContrastiveVars = shape.ContrastiveVars,
                ClipTemp = shape.ClipTemp,
                ResolutionDt = shape.ResolutionDt,
                WindowCurr = shape.WindowCurr,
                WindowPrev = shape.WindowPrev,
                Groups = [group],
            },
        };
    }

    /// <summary>A model's configuration with the sessions' targets, and rows for units that it did not know.</summary>
    private static NeuroformerSettings Grown(NeuroformerSettings start, TrainingSessions sessions)
    {
        var former = start.HyperParameters.Groups.FirstOrDefault(group => group.Name == start.Group);
        if (start.HyperParameters.Groups.Any(group => group.HasInputs && group != former))
            throw new TrainingException($"The model to start from reads inputs in other groups than '{start.Group}', which training does not know. Start from one without.");
        string[] inputs = [.. former?.Variables.Where(variable => !variable.Predict).Select(variable => variable.Name) ?? []];
        return start with
        {
            HyperParameters = start.HyperParameters with { Neurons = sessions.UnitVocab.Count - 1, Groups = [Group(sessions, inputs, former?.Layers ?? 0) with { Name = start.Group }] },
        };
    }

    private static NeuroformerFrames Frames(NeuroformerFrameShape shape, TrainingSessions sessions)
    {
        // Sessions without frames are told of by the check that follows.
        var size = sessions.Sessions.Select(session => session.Session.Frames?.Shape).FirstOrDefault(frames => frames is not null) ?? default;
        return new NeuroformerFrames { Count = shape.Count, Height = size.Height, Width = size.Width, Kernel = shape.Kernel, Stride = shape.Stride ?? shape.Kernel, Rate = shape.Rate };
    }

    private static NeuroformerGroup Group(TrainingSessions sessions, IReadOnlyList<string> inputs, int layers) => new()
    {
        Name = NeuroformerSettings.DefaultGroup,
        Layers = inputs.Count > 0 ? layers : 0,
        Variables =
        [
            .. sessions.Outputs.Select(output => new NeuroformerVariable { Name = output.Name, Predict = true }),
            .. inputs.Select(name => new NeuroformerVariable { Name = name }),
        ],
    };

    /// <summary>Places for the spikes of 999 in 1000 training windows, beside SOS and EOS.</summary>
    private (int Current, int Past) Sizes()
    {
        const double covered = 0.999;
        var (current, past) = (new List<int>(), new List<int>());
        foreach (var place in Cover(SessionPart.Train))
        {
            var (times, _) = Spikes(Sessions.Cut(place));
            var late = times.Count(time => time >= Config.PrevNs);
            current.Add(late);
            past.Add(times.Length - late);
        }

        return (Size(current), Size(past));

        static int Size(List<int> counts)
        {
            if (counts.Count == 0) throw new TrainingException(NeuroformerBatches.NoWindow);
            counts.Sort();
            return Math.Max(1, counts[Math.Min(counts.Count - 1, (int)(covered * counts.Count))]) + 2;
        }
    }
}
