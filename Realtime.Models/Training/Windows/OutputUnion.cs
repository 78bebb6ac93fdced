using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Scores;

namespace Realtime.Models.Training.Windows;

/// <summary>The outputs of several sessions: the union of what they offer, by name.</summary>
internal static class OutputUnion
{
    /// <summary>The outputs in the order asked for, or first met.</summary>
    /// <exception cref="TrainingException">No session has one that is asked for, or two sessions give it in different units.</exception>
    public static IReadOnlyList<OutputChannel> Of(IReadOnlyList<Session> sessions, IReadOnlyList<string>? names)
    {
        var found = new List<(OutputChannel Output, string Session)>();
        if (names is null)
        {
            foreach (var session in sessions) Add(Sources(session, TrainingSet.DefaultOutputs(session)), session);
        }
        else
        {
            if (names.Count == 0) throw new TrainingException("No output is named. Name at least one, or leave the list out.");
            foreach (var name in names)
            {
                var before = found.Count;
                TrainingException? reason = null;
                foreach (var session in sessions)
                {
                    try
                    {
                        Add(Sources(session, [name]), session);
                    }
                    catch (TrainingException error)
                    {
                        reason ??= error;
                    }
                }

                if (found.Count == before && reason is not null) throw reason;
                if (found.Count == before) throw new TrainingException($"Output '{name}' is asked for twice.");
            }
        }

        foreach (var session in sessions) CheckUnits(session, found);
        return found.Select(item => item.Output).ToArray();

        void Add(IReadOnlyList<TargetSource> sources, Session session)
        {
            foreach (var source in sources)
                if (!found.Exists(item => item.Output.Name == source.Output.Name)) found.Add((source.Output, session.Name));
        }
    }

    private static IReadOnlyList<TargetSource> Sources(Session session, IEnumerable<string> names)
    {
        try
        {
            return TargetSources.For(names, session.Behaviour);
        }
        catch (ArgumentException error)
        {
            throw new TrainingException($"Session '{session.Name}': {error.Message}", error);
        }
    }

    private static void CheckUnits(Session session, List<(OutputChannel Output, string Session)> found)
    {
        foreach (var (output, first) in found)
        {
            if (!TargetSources.TryFind(output.Name, session.Behaviour, out var source) || source.Output.Unit == output.Unit) continue;
            throw new TrainingException($"Output '{output.Name}' is in '{output.Unit}' in session '{first}', but in '{source.Output.Unit}' in " +
                $"session '{session.Name}'. Convert one of them, give the channel another name, or name the outputs without it.");
        }
    }
}
