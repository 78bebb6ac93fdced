using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Host.Reports;

namespace Realtime.Host.Running;

/// <summary>The run's answers over time, thinned to fixed memory, for the report's plots. One thread writes; read after it has stopped.</summary>
public sealed class AnswerSeries(IReadOnlyList<OutputChannel> outputs, double hopSeconds)
{
    // A plot 1,200 pixels wide shows no more; two rows per pixel at the very least after thinning.
    private const int MaxRows = 16_384;
    private const int FixedColumns = 3;

    private readonly DecimatingSeries _rows = new(FixedColumns + 2 * outputs.Count, MaxRows);
    private readonly double[] _row = new double[FixedColumns + 2 * outputs.Count];

    /// <summary>Adds one answer and the true values of its interval.</summary>
    public void Add(in AnswerRecord record, ReadOnlySpan<double> truth)
    {
        _row[0] = record.Answer.Tick * hopSeconds;
        _row[1] = (int)record.Answer.Status;
        _row[2] = (record.Answer.EmittedNs - record.Answer.DueNs) * 1e-3;
        ReadOnlySpan<float> values = record.Values;
        for (var output = 0; output < outputs.Count; output++)
        {
            _row[FixedColumns + output] = values[output];
            _row[FixedColumns + outputs.Count + output] = truth[output];
        }

        _rows.Add(_row);
    }

    /// <summary>The plots' content, without spike rates and histogram.</summary>
    public ReportSeries ToReport()
    {
        static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);
        return new ReportSeries
        {
            TimeS = _rows.Column(0),
            Status = Array.ConvertAll(_rows.Column(1), value => (AnswerStatus)(int)value),
            TotalLatencyUs = _rows.Column(2),
            Outputs = outputs.Select((output, index) => new OutputSeries
            {
                Name = output.Name,
                Unit = output.Unit,
                Decoded = Floats(_rows.Column(FixedColumns + index)),
                True = Floats(_rows.Column(FixedColumns + outputs.Count + index)),
            }).ToArray(),
        };
    }
}
