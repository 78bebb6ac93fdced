using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Models.Training.Windows;

/// <summary>
/// Sessions that one model is trained on: vocabularies, outputs, normalisation, and the windows of each epoch. Every window depends on
/// seed, epoch and place in the epoch alone. Immutable; any thread.
/// </summary>
public sealed class TrainingSessions
{
    /// <summary>Row 0 of both vocabularies: nobody.</summary>
    public const string Padding = "NA";

    private readonly WindowOptions _options;

    private TrainingSessions(WindowOptions options, IReadOnlyList<TrainingSession> sessions, IReadOnlyList<OutputChannel> outputs,
        IReadOnlyList<string> unitVocab, IReadOnlyList<string> sessionVocab)
    {
        _options = options;
        (Sessions, Outputs, UnitVocab, SessionVocab) = (sessions, outputs, unitVocab, sessionVocab);
    }

    public IReadOnlyList<TrainingSession> Sessions { get; }

    /// <summary>The union of the sessions' outputs.</summary>
    public IReadOnlyList<OutputChannel> Outputs { get; }

    /// <summary>Words of the unit table by row: NA, then "SESSION/UNIT".</summary>
    public IReadOnlyList<string> UnitVocab { get; }

    /// <summary>Words of the session table by row: NA, then the sessions' names.</summary>
    public IReadOnlyList<string> SessionVocab { get; }

    /// <summary>Sentences the user should read.</summary>
    public IEnumerable<string> Notes => Sessions.SelectMany(session => session.Notes);

    /// <summary>Word of a unit.</summary>
    public static string UnitWord(Session session, UnitId unit) => $"{session.Name}/{unit}";

    /// <param name="sessions">One or more, names all different.</param>
    /// <param name="options">How windows are cut.</param>
    /// <param name="unitVocab">Words that a model already has, NA first; they keep their rows and new ones follow. Null for none.</param>
    /// <param name="sessionVocab">The same of sessions.</param>
    /// <exception cref="TrainingException">The sessions and the options do not go together; the message says what to change.</exception>
    public static TrainingSessions From(IReadOnlyList<Session> sessions, WindowOptions options, IReadOnlyList<string>? unitVocab = null,
        IReadOnlyList<string>? sessionVocab = null)
    {
        options.Check();
        if (sessions.Count == 0) throw new TrainingException("No session is given. Name at least one session folder.");
        CheckNames(sessions);
        var outputs = OutputUnion.Of(sessions, options.Outputs);
        if (outputs.Count == 0)
            throw new TrainingException($"Session '{sessions[0].Name}' has no behaviour to decode. Add behaviour.values and its channels.");
        var unitWords = new Vocabulary(unitVocab);
        var sessionWords = new Vocabulary(sessionVocab);
        var prepared = new List<TrainingSession>(sessions.Count);
        foreach (var session in sessions)
        {
            int[] rows = [.. session.Units.Units.Select(unit => unitWords.RowOf(UnitWord(session, unit)))];
            prepared.Add(new TrainingSession(session, sessionWords.RowOf(session.Name), rows, outputs, options));
        }

        if (prepared.SelectMany(session => session.UnitRows).GroupBy(row => row).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new TrainingException($"Two units go by the word '{unitWords.Words[twice.Key]}'. Rename one of the sessions.");
        return new TrainingSessions(options, prepared, outputs, unitWords.Words, sessionWords.Words);
    }

    /// <summary>
    /// The windows of an epoch, in the order they are shown. By default the intervals are covered once, as upstream does: from a random
    /// offset, back to back, one more at the larger end where there is room, all shuffled. With one window per interval those flush with the
    /// ends, shuffled. With a number of windows per epoch: any start, each second of the data alike, or intervals in turns.
    /// </summary>
    public WindowPlace[] Epoch(SessionPart part, int epoch)
    {
        var random = WindowRandom.ForPlaces(_options.Seed, epoch);
        var (intervals, sessions) = Intervals(part);
        if (intervals.Count == 0) return [];
        var places = new List<WindowPlace>();
        if (_options.WindowsPerEpoch > 0 && !_options.OnePerInterval)
        {
            var lengths = new long[intervals.Count];
            for (var i = 0; i < lengths.Length; i++) lengths[i] = intervals[i].LengthNs + (i == 0 ? 0 : lengths[i - 1]);
            for (var window = 0; window < _options.WindowsPerEpoch; window++)
            {
                var (interval, start) = WindowSampler.Anywhere(intervals, lengths, _options.WindowNs, random);
                Add(interval, start);
            }
        }
        else
        {
            do
            {
                var first = places.Count;
                for (var i = 0; i < intervals.Count; i++)
                {
                    if (_options.OnePerInterval) Add(i, intervals[i].EndNs - _options.WindowNs);
                    else
                        foreach (var start in WindowSampler.Covering(intervals[i], _options.WindowNs, random)) Add(i, start);
                }

                random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(places)[first..]);
            }
            while (places.Count < _options.WindowsPerEpoch);
            if (_options.WindowsPerEpoch > 0) places.RemoveRange(_options.WindowsPerEpoch, places.Count - _options.WindowsPerEpoch);
        }

        return [.. places.Select((place, index) => place with { Index = index })];

        void Add(int interval, long start) => places.Add(new WindowPlace(sessions[interval], start, intervals[interval].StartNs, 0));
    }

    /// <summary>The same windows every time, for a validation loss: back to back from each interval's start and one flush with its end, or
    /// one per interval.</summary>
    public WindowPlace[] Cover(SessionPart part)
    {
        var (intervals, sessions) = Intervals(part);
        var places = intervals.SelectMany((interval, i) =>
            (_options.OnePerInterval ? [interval.EndNs - _options.WindowNs] : WindowSampler.Regular(interval, _options.WindowNs))
                .Select(start => new WindowPlace(sessions[i], start, interval.StartNs, 0)));
        return [.. places.Select((place, index) => place with { Index = index })];
    }

    /// <summary>The window at a place as it was recorded.</summary>
    public TrainingWindow Cut(WindowPlace place) => Sessions[place.Session].Cut(place, null);

    /// <summary>The window at a place with the options' dropout and jitter, drawn from seed, epoch and the place's index.</summary>
    public TrainingWindow Cut(WindowPlace place, int epoch) =>
        Sessions[place.Session].Cut(place, WindowRandom.ForWindow(_options.Seed, epoch, place.Index));

    private (List<DataInterval> Intervals, List<int> Sessions) Intervals(SessionPart part)
    {
        var (intervals, sessions) = (new List<DataInterval>(), new List<int>());
        for (var session = 0; session < Sessions.Count; session++)
        {
            foreach (var interval in Sessions[session].DataIntervals(part))
            {
                intervals.Add(interval);
                sessions.Add(session);
            }
        }

        return (intervals, sessions);
    }

    private static void CheckNames(IReadOnlyList<Session> sessions)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { Padding };
        foreach (var session in sessions)
        {
            if (session.Units.Count == 0) throw new TrainingException($"Session '{session.Name}' has no units.");
            if (session.Name == Padding)
                throw new TrainingException($"A session must not be named '{Padding}', which stands for none. Rename its folder, or the name in its meta.json.");
            if (!seen.Add(session.Name))
                throw new TrainingException($"Two sessions are named '{session.Name}', so that their units could not be told apart. Use another " +
                    "folder name, another name in meta.json, or --name.");
        }
    }
}
