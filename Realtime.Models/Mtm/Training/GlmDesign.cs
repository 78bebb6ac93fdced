using System.Numerics;

namespace Realtime.Models.Mtm.Training;

/// <summary>Regressors of one neuron, padded with zeros to whole vectors.</summary>
internal sealed class GlmDesign
{
    private readonly IReadOnlyList<MtmRecordedTrial> _trials;

    public GlmDesign(int columns, IReadOnlyList<MtmRecordedTrial> trials)
    {
        _trials = trials;
        Width = (columns + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        Rows = new double[RowsOf(trials.Count) * Width];
    }

    /// <summary>Numbers in a row.</summary>
    public int Width { get; }

    /// <summary>[bins of all trials, Width].</summary>
    public double[] Rows { get; }

    /// <summary>Rows of the first trials.</summary>
    public int RowsOf(int trials) => _trials.Take(trials).Sum(trial => trial.Bins);
}
