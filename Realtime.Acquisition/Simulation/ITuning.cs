using System.Text.Json.Nodes;

namespace Realtime.Acquisition.Simulation;

/// <summary>How one neuron's rate follows the behaviour. Immutable; any thread.</summary>
internal interface ITuning
{
    /// <summary>Rate between stimuli, Hz, before gain and drift.</summary>
    double BaseHz { get; }

    /// <summary>Highest rate that the tuning gives, Hz, before gain and drift.</summary>
    double PeakHz { get; }

    /// <summary>Rate in Hz.</summary>
    /// <param name="step">Row of the behaviour.</param>
    /// <param name="progress">Share of the session that is over, 0 to 1, for the tuning's drift.</param>
    double RateAt(int step, double progress);

    /// <summary>The parameters, for truth.json.</summary>
    JsonObject Describe();
}
