using Realtime.Models.Training;
using Realtime.Models.Transformer;

namespace Realtime.Models.Mtm.Training;

/// <summary>What a model to go on from says, and the rows and stitchers of the sessions that are trained.</summary>
internal static class MtmStart
{
    /// <exception cref="TrainingException">The model is of another kind.</exception>
    /// <exception cref="ModelFormatException">Its settings cannot be read.</exception>
    public static MtmSettings Of(ModelFile start)
    {
        if (start.Config.Kind != MtmKind.Name)
            throw new TrainingException($"The model to start from is of kind '{start.Config.Kind}'; '{MtmKind.Name}' is needed.");
        return SettingsJson.Read<MtmSettings>(start.Config.Settings, start.Tensors.Name, "settings");
    }

    /// <summary>A session that is known keeps its row and stitcher; others get the next free row and a stitcher of their own name.</summary>
    /// <exception cref="TrainingException">The session table is full, or a known session has other units than it had.</exception>
    public static IReadOnlyList<MtmSession> Sessions(IReadOnlyList<MtmRecording> recordings, MtmConfig config, MtmSettings? known)
    {
        var before = known?.Sessions ?? [];
        var next = before.Count == 0 ? 0 : before.Max(session => session.Row) + 1;
        var sessions = new List<MtmSession>();
        foreach (var recording in recordings)
        {
            var old = before.FirstOrDefault(session => session.Word == recording.Name);
            if (old is not null && old.Neurons != recording.Neurons)
            {
                throw new TrainingException($"The model to start from knows session '{recording.Name}' with {old.Neurons} neurons, the recording has {recording.Neurons}. " +
                    "Give the recording another name in meta.json, so that it gets stitchers of its own.");
            }

            if (!config.Stitching && recording.Neurons != config.NChannels)
                throw new TrainingException($"The model has no stitchers and takes {config.NChannels} neurons, but session '{recording.Name}' has {recording.Neurons}. Set model.stitching to true.");
            if (old is null && config.UseSession && next >= config.NSessions)
            {
                throw new TrainingException($"The session table has {config.NSessions} rows and all are taken; there is none for '{recording.Name}'. " +
                    "Train with a larger model.n_sessions.");
            }

            sessions.Add((old ?? new MtmSession { Word = recording.Name, Row = config.UseSession ? next++ : 0, Stitcher = Key(recording), Neurons = recording.Neurons }) with
            {
                Regions = recording.Session.UnitRegions,
                HiddenCounts = recording.HiddenCounts,
            });
        }

        return sessions;

        // A word that is a number could be another recording's, keyed by its size as upstream does.
        string Key(MtmRecording recording)
        {
            var key = recording.Name;
            while (before.Any(session => session.Stitcher == key)) key += "'";
            return key;
        }
    }
}
