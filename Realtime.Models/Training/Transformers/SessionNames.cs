using Realtime.Engine.Sessions;

namespace Realtime.Models.Training.Transformers;

/// <summary>Other names for sessions, so that two of one name can be trained on together.</summary>
public static class SessionNames
{
    /// <summary>The same recording by another name; arrays are shared.</summary>
    public static Session Renamed(Session session, string name) => new()
    {
        Name = name,
        SampleRateHz = session.SampleRateHz,
        Units = session.Units,
        SpikeSamples = session.SpikeSamples,
        SpikeUnits = session.SpikeUnits,
        Behaviour = session.Behaviour,
        BehaviourSamples = session.BehaviourSamples,
        BehaviourValues = session.BehaviourValues,
        DurationSeconds = session.DurationSeconds,
        Segments = session.Segments,
        Train = session.Train,
        Valid = session.Valid,
        Test = session.Test,
        Source = session.Source,
    };
}
