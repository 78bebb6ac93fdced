namespace Realtime.Models.Calibration;

/// <summary>How to calibrate a model to a new session. The defaults calibrate a small POSSM on two minutes in some seconds.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Minutes used, from the start of the training intervals; null for all of them.</summary>
    public double? Minutes { get; init; }

    /// <summary>Share used, of the training time or, with trials, of the training trials; null for all. Not with <see cref="Minutes"/>.</summary>
    public double? Share { get; init; }

    /// <summary>Whether the session's splits are left aside: minutes from its start are used, and all the rest is held out. For recordings without splits.</summary>
    public bool HoldOutRest { get; init; }

    /// <summary>Whether a unit that the model's own session has under the same name begins with that unit's embedding: for the same animal on another day.</summary>
    public bool SameUnits { get; init; }

    /// <summary>Whether units and sessions of earlier recordings are left out of the new model.</summary>
    public bool Cut { get; init; }

    /// <summary>Epochs; one covers the minutes once.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>At the peak of the schedule.</summary>
    public double LearningRate { get; init; } = 0.03;

    /// <summary>Windows of one step.</summary>
    public int BatchWindows { get; init; } = 16;

    /// <summary>Chance of each unit to be left out of a window.</summary>
    public double UnitDropout { get; init; } = 0.1;

    /// <summary>Epochs after which the rest of the network learns too, for those that remain; null for never.</summary>
    public int? UnfreezeAt { get; init; }

    /// <summary>Peak of the learning rate once the whole network learns: what embeddings bear would undo the rest.</summary>
    public double UnfreezeRate { get; init; } = 5e-4;

    /// <summary>Whether the table of latents learns with the embeddings, as upstream lets it.</summary>
    public bool TrainLatents { get; init; }

    /// <summary>Whether the same network is trained from scratch on the same minutes, for comparison.</summary>
    public bool CompareScratch { get; init; } = true;

    /// <summary>Whether the model is marked for live use even if it does not beat the baseline; the mark says so.</summary>
    public bool Force { get; init; }

    /// <summary>Seed of the new embeddings and of the order of windows.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Threads that compute; the result is the same with any number.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The user's own words, kept in the model.</summary>
    public string Note { get; init; } = "";

    /// <exception cref="Training.TrainingException">A value is out of its range, or two contradict each other.</exception>
    public void Check()
    {
        if (Minutes is { } minutes && !(minutes > 0 && double.IsFinite(minutes))) throw Wrong("minutes", minutes, "more than 0");
        if (Share is { } share && !(share is > 0 and <= 1)) throw Wrong("share", share, "above 0, up to 1");
        if (Minutes is not null && Share is not null) throw new Training.TrainingException("Minutes and a share are both given. Leave one out.");
        if (Epochs is < 1 or > 100_000) throw Wrong("epochs", Epochs, "from 1 to 100000");
        if (!(LearningRate is > 0 and <= 10)) throw Wrong("learning rate", LearningRate, "above 0, up to 10");
        if (BatchWindows is < 1 or > 65_536) throw Wrong("batch", BatchWindows, "from 1 to 65536 windows");
        if (!(UnfreezeRate is > 0 and <= 10)) throw Wrong("unfreezing rate", UnfreezeRate, "above 0, up to 10");
        if (!(UnitDropout is >= 0 and < 1)) throw Wrong("unit dropout", UnitDropout, "from 0 to below 1");
        if (UnfreezeAt is { } epoch && (epoch < 0 || epoch >= Epochs)) throw Wrong("unfreezing epoch", epoch, FormattableString.Invariant($"from 0 to {Epochs - 1}, below the number of epochs"));
        if (Threads is < 1 or > 1024) throw Wrong("threads", Threads, "from 1 to 1024");
    }

    private static Training.TrainingException Wrong(string option, double value, string range) =>
        new(FormattableString.Invariant($"The calibration's {option} is {value}; choose {range}."));
}
