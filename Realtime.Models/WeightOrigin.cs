namespace Realtime.Models;

/// <summary>Where a model's numbers come from.</summary>
public enum WeightOrigin
{
    /// <summary>Fitted by this program.</summary>
    Trained,

    /// <summary>Taken from another program's checkpoint.</summary>
    Imported,

    /// <summary>Drawn at random: good for measuring time, never for an experiment.</summary>
    Random,
}
