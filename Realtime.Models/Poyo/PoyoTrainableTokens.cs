using Realtime.Models.Differentiation;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Training.Windows;

namespace Realtime.Models.Poyo;

/// <summary>
/// The input tokens of some windows one after the other, without padding: per window two delimiters for every unit, silent or not, then its
/// spikes. Keys and values of a token depend on its unit and type alone, so each token names its kind, a distinct pair of the two.
/// </summary>
internal sealed class PoyoTrainableTokens
{
    private const int TimeOfStart = 0;
    private const int TimeOfEnd = 1;

    private readonly int _unitRows;
    private readonly DistinctRows _kinds;
    private readonly List<int> _tokens = [];
    private readonly List<double> _times;
    private readonly List<int> _timeRows = [];

    /// <param name="windows">Of the model's sequence length.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="unitRows">Rows of the unit table.</param>
    /// <exception cref="ArgumentException">A window is of another length, a unit is not in the table, or a spike's unit not in its window.</exception>
    public PoyoTrainableTokens(IReadOnlyList<TrainingWindow> windows, PoyoConfig config, int unitRows)
    {
        _unitRows = unitRows;
        _kinds = new DistinctRows(checked(unitRows * PoyoTokenType.Rows), "units and token types");
        _times = [0, config.SequenceLength];
        Segments = new AttentionSegment[windows.Count];
        for (var window = 0; window < windows.Count; window++)
        {
            var first = _tokens.Count;
            Add(windows[window], config.SequenceLength);

            // All windows have the same latents, and so the same queries.
            Segments[window] = new AttentionSegment(0, config.Latents, first, _tokens.Count - first, window * config.Latents);
        }

        var kinds = _kinds.Rows;
        Units = Array.ConvertAll(kinds, kind => kind / PoyoTokenType.Rows);
        Types = Array.ConvertAll(kinds, kind => kind % PoyoTokenType.Rows);
        Tokens = [.. _tokens];
        Times = [.. _times];
        TimeRows = [.. _timeRows];
    }

    /// <summary>[kinds] rows of the unit table.</summary>
    public int[] Units { get; }

    /// <summary>[kinds] rows of the type table.</summary>
    public int[] Types { get; }

    /// <summary>[tokens] kind of each token.</summary>
    public int[] Tokens { get; }

    /// <summary>Distinct times, s from the window's start.</summary>
    public double[] Times { get; }

    /// <summary>[tokens] index into <see cref="Times"/>.</summary>
    public int[] TimeRows { get; }

    /// <summary>One per window: all its latents over all its tokens.</summary>
    public AttentionSegment[] Segments { get; }

    private void Add(TrainingWindow window, double length)
    {
        if (Math.Abs(window.Length - length) > 1e-9)
            throw new ArgumentException($"A window of {window.Length} s was given to a model whose sequence_length is {length} s.");
        foreach (var row in window.UnitRows)
        {
            if ((uint)row >= (uint)_unitRows) throw new ArgumentException($"Row {row} is outside the table of units, which has {_unitRows} rows.");
            Add(row, PoyoTokenType.WindowStart, TimeOfStart);
            Add(row, PoyoTokenType.WindowEnd, TimeOfEnd);
        }

        for (var spike = 0; spike < window.SpikeTimes.Length; spike++)
        {
            var time = window.SpikeTimes[spike];
            if (!(time >= 0 && time < length)) continue;
            _times.Add(time);
            Add(window.UnitRows[window.SpikeUnits[spike]], PoyoTokenType.Spike, _times.Count - 1);
        }
    }

    private void Add(int unitRow, int type, int timeRow)
    {
        _tokens.Add(_kinds.Place(unitRow * PoyoTokenType.Rows + type));
        _timeRows.Add(timeRow);
    }
}
