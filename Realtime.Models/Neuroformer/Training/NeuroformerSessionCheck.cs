using Realtime.Engine.Sessions;
using Realtime.Engine.Text;
using Realtime.Models.Training;

namespace Realtime.Models.Neuroformer.Training;

/// <summary>Refuses sessions that do not hold what a model reads.</summary>
internal static class NeuroformerSessionCheck
{
    /// <param name="sessions">To be trained on.</param>
    /// <param name="settings">The model's.</param>
    /// <param name="isGiven">Whether the model was trained before; else its recipe asks for what it reads.</param>
    /// <exception cref="TrainingException">The message says which session lacks what, and what to do.</exception>
    public static void Check(IReadOnlyList<Session> sessions, NeuroformerSettings settings, bool isGiven)
    {
        var config = settings.HyperParameters;
        foreach (var session in sessions)
        {
            if (config.Frames is { } frames) Frames(session, sessions[0], frames, isGiven);
            foreach (var variable in config.Groups.SelectMany(group => group.Variables).Where(variable => !variable.Predict)) Input(session, variable.Name, isGiven);
        }

        foreach (var group in config.Groups)
        {
            if (group.Variables.GroupBy(variable => variable.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw new TrainingException($"'{twice.Key}' is an input and an output. Name the outputs without it.");
        }

        for (var axis = 1; config.Frames is { } sizes && axis < 3; axis++)
        {
            var length = axis == 1 ? sizes.Height : sizes.Width;
            if (sizes.Kernel[axis] > length)
                throw new TrainingException($"model.frames.kernel is {sizes.Kernel[axis]} {(axis == 1 ? "rows high" : "columns wide")}, but the sessions' frames have {length}. Choose a smaller kernel.");
        }
    }

    private static void Frames(Session session, Session first, NeuroformerFrames due, bool isGiven)
    {
        if (session.Frames is not { } frames)
        {
            throw new TrainingException($"Session '{session.Name}' holds no video frames, which {(isGiven ? "the model to start from reads" : "model.frames of the recipe asks for")}. " +
                $"Add frames.times.npy and frames.values.npy to its folder (docs/session-layout.md), or {(isGiven ? "start from a model without frames" : "leave model.frames out")}.");
        }

        if (frames.Shape.Height == due.Height && frames.Shape.Width == due.Width) return;
        throw new TrainingException($"The frames of session '{session.Name}' have {frames.Shape} pixels; {(isGiven ? "the model to start from reads" : $"those of session '{first.Name}' have")} " +
            $"{due.Height} x {due.Width}. Scale them before the session is written.");
    }

    private static void Input(Session session, string name, bool isGiven)
    {
        if (session.BehaviourColumn(name) >= 0) return;
        var names = session.Behaviour.Select(channel => channel.Name).ToArray();
        throw new TrainingException($"Session '{session.Name}' has no behaviour channel '{name}', which {(isGiven ? "the model to start from reads" : "the recipe's inputs name")}{NearestName.Hint(name, names)}. Its channels: {string.Join(", ", names.DefaultIfEmpty("none"))}.");
    }
}
