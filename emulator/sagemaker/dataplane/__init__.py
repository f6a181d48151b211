"""What the data planes hold: records of features, answers of endpoints; they know no model and no way in."""
