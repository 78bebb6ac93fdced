namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class GatherOperation(Variable result, Variable[] parts, int* from, int* rows) : Operation(result)
{
    public static Variable Run(Tape tape, IReadOnlyList<Variable> parts, ReadOnlySpan<int> from, ReadOnlySpan<int> rows)
    {
        if (parts.Count == 0) throw new ArgumentException("Rows are picked from at least one part.", nameof(parts));
        if (from.Length != rows.Length) throw new ArgumentException($"{from.Length} parts named for {rows.Length} rows.", nameof(from));
        var width = parts[0].Width;
        foreach (var part in parts)
            if (part.Width != width) throw new ArgumentException($"Parts of {width} and {part.Width} columns do not lie in one result.", nameof(parts));
        for (var i = 0; i < from.Length; i++)
        {
            if ((uint)from[i] >= (uint)parts.Count) throw new ArgumentException($"There is no part {from[i]} among {parts.Count}.", nameof(from));
            if ((uint)rows[i] >= (uint)parts[from[i]].Rows)
                throw new ArgumentException($"Row {rows[i]} is outside part {from[i]} of {parts[from[i]].Rows} rows.", nameof(rows));
        }

        var result = tape.New(rows.Length, width, parts.Any(part => part.NeedsGradient));
        for (var i = 0; i < rows.Length; i++) parts[from[i]].Value.Slice(rows[i] * width, width).CopyTo(result.Value[(i * width)..]);
        if (result.NeedsGradient) tape.Record(new GatherOperation(result, [.. parts], tape.Keep(from), tape.Keep(rows)));
        return result;
    }

    public override void Backward(Tape tape)
    {
        foreach (var part in parts) part.GradientToAddTo();
        var flow = Result.Flow;
        for (var i = 0; i < Result.Rows; i++, flow += Result.Width)
        {
            var part = parts[from[i]];
            if (part.NeedsGradient) tape.Kernels.AddTo(part.Flow + (nint)rows[i] * Result.Width, flow, Result.Width);
        }
    }
}
