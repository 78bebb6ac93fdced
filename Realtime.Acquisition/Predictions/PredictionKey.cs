namespace Realtime.Acquisition.Predictions;

/// <summary>The keys of a prediction message in the order in which they are written.</summary>
public enum PredictionKey : byte
{
    Version = 0,
    Run,
    Model,
    ModelHash,
    SampleRate,
    Names,
    Units,
    Tick,
    Epoch,
    Status,
    Flags,
    DataNs,
    Sample,
    EmittedNs,
    WallNs,
    AgeNs,
    ClockUncertaintyNs,
    Spikes,
    Values,
}
